//! Every kind of request that comes by letter, and what a specialist should find in it.

/// A kind of request: what the letter says, and what a specialist should find.
pub(super) struct Letter {
    pub kind: &'static str,
    pub basis: &'static str,
    pub requester: &'static str,
    pub clock_days: Option<i64>,
    pub defects: &'static [&'static str],
    pub expected: &'static str,
    /// Places in braces are filled; `{form:to|purpose|expires|signed}` becomes an authorization.
    pub body: &'static str,
}

/// An authorization with every core element and statement of 45 CFR 164.508(c).
pub(super) const FORM: &str = "AUTHORIZATION TO DISCLOSE HEALTH INFORMATION\nInformation: \
    discharge summary, operative report and laboratory results, {from} to {to}.\nFrom: Prairie \
    General Hospital. To: {to_whom}\nPurpose: {purpose}\nExpires: {expires}\nI may revoke this in \
    writing at any time by writing to the hospital. Treatment does not depend on my signing. What \
    is disclosed may be redisclosed by the recipient.\nSigned: {signed}";

/// The letters.
pub(super) const LETTERS: &[Letter] = &[
    Letter {
        kind: "patient-access",
        basis: "45 CFR 164.524",
        requester: "the patient",
        clock_days: Some(30),
        defects: &[],
        expected: "release",
        body: "I ask for a copy of my own records, everything from {from} to {to}, as a PDF by \
            electronic mail.\nA copy of my driver's license is enclosed.\nSigned: {name}",
    },
    Letter {
        kind: "authorization-valid",
        basis: "45 CFR 164.508",
        requester: "Harlan & Pike, attorneys",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "We represent {name}. The signed authorization follows.\n\n{form:Harlan & Pike, 9 \
            Court Street, Exampleton|legal claim|{next_year}|{name}, {today}}",
    },
    Letter {
        kind: "authorization-expired",
        basis: "45 CFR 164.508",
        requester: "Lakeside Insurance",
        clock_days: None,
        defects: &["expired: 164.508(b)(2)(i)"],
        expected: "hold",
        body: "Please send the records below.\n\n{form:Lakeside Insurance, 77 Harbor Road|life \
            insurance application|{last_year}|{name}, {last_year}}",
    },
    Letter {
        kind: "authorization-without-expiration",
        basis: "45 CFR 164.508",
        requester: "Mason Wells, employer",
        clock_days: None,
        defects: &["no expiration date or event: 164.508(c)(1)(v)"],
        expected: "hold",
        body: "Please send the records below.\n\n{form:Mason Wells Company|fitness for \
            work||{name}, {today}}",
    },
    Letter {
        kind: "authorization-unsigned",
        basis: "45 CFR 164.508",
        requester: "Orchard Law Office",
        clock_days: None,
        defects: &["no signature: 164.508(c)(1)(vi)"],
        expected: "hold",
        body: "Please send the records below.\n\n{form:Orchard Law Office|injury \
            claim|{next_year}|}",
    },
    Letter {
        kind: "personal-representative",
        basis: "45 CFR 164.524",
        requester: "the guardian",
        clock_days: Some(30),
        defects: &[],
        expected: "review",
        body: "I am the court-appointed guardian of {name}. The order of guardianship is enclosed. \
            I ask for the records from {from} to {to}.\nSigned: {relative}, guardian",
    },
    Letter {
        kind: "executor",
        basis: "45 CFR 164.502(g)(4)",
        requester: "the executor",
        clock_days: Some(30),
        defects: &[],
        expected: "review",
        body: "I am the executor of the estate of {name}. Letters testamentary are enclosed. I ask \
            for the records of the last stay.\nSigned: {relative}, executor",
    },
    Letter {
        kind: "treatment",
        basis: "45 CFR 164.506",
        requester: "Valley Heart Clinic",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "{name} will be seen here tomorrow. Please fax the last discharge summary, ECG and \
            medication list for treatment.\nDr. R. Winslow, Valley Heart Clinic, fax (309) \
            555-0177",
    },
    Letter {
        kind: "payment",
        basis: "45 CFR 164.506",
        requester: "Prairie Health Plan",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "To decide the claim for the stay from {from} we need the history and physical, \
            operative report and discharge summary of {name}.\nPrairie Health Plan, claims",
    },
    Letter {
        kind: "subpoena-without-assurance",
        basis: "45 CFR 164.512(e)",
        requester: "Stone & Hale, attorneys",
        clock_days: None,
        defects: &["no satisfactory assurance: 164.512(e)(1)(ii)"],
        expected: "hold",
        body: "SUBPOENA DUCES TECUM\nYou are commanded to produce all medical records of {name}. \
            Issued by Stone & Hale, attorneys for the defendant.",
    },
    Letter {
        kind: "subpoena-with-notice",
        basis: "45 CFR 164.512(e)",
        requester: "Stone & Hale, attorneys",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "SUBPOENA DUCES TECUM\nProduce the records of {name} from {from} to {to}. Enclosed: \
            proof of written notice to the individual, sent 30 days ago, with the time to object \
            now past and no objection filed.",
    },
    Letter {
        kind: "court-order",
        basis: "45 CFR 164.512(e)(1)(i)",
        requester: "Circuit Court, Example County",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "ORDER\nThe hospital shall disclose the discharge summary and operative report of \
            {name} for the stay beginning {from}, and nothing else. So ordered.",
    },
    Letter {
        kind: "law-enforcement",
        basis: "45 CFR 164.512(f)",
        requester: "Exampleton Police Department",
        clock_days: None,
        defects: &["no three-part statement: 164.512(f)(1)(ii)(C)"],
        expected: "hold",
        body: "In an investigation we need the emergency records of {name}. Detective L. Marsh",
    },
    Letter {
        kind: "workers-compensation",
        basis: "45 CFR 164.512(l)",
        requester: "State Workers' Compensation Commission",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "In the claim of {name} please send the records of the injury treated on {from}, as \
            the workers' compensation law requires.",
    },
    Letter {
        kind: "public-health",
        basis: "45 CFR 164.512(b)",
        requester: "Example County Health Department",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "For surveillance of a reportable disease please send laboratory results and \
            demographic data of {name} for {from}.",
    },
    Letter {
        kind: "coroner",
        basis: "45 CFR 164.512(g)",
        requester: "Example County Coroner",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "To determine the cause of death please send the records of the last stay of {name}.",
    },
    Letter {
        kind: "health-oversight",
        basis: "45 CFR 164.512(d)",
        requester: "State Licensing Board",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "In a licensing inquiry please send the operative report of {name} of {from}.",
    },
    Letter {
        kind: "research",
        basis: "45 CFR 164.512(i)",
        requester: "Prairie University",
        clock_days: None,
        defects: &[],
        expected: "review",
        body: "Under the enclosed waiver of our institutional review board we ask for the \
            laboratory results of {name} and 40 others.",
    },
    Letter {
        kind: "substance-use-consent",
        basis: "42 CFR 2.31",
        requester: "Bridge Counselling",
        clock_days: None,
        defects: &[],
        expected: "release",
        body: "CONSENT FOR SUBSTANCE USE DISORDER RECORDS\n{name} consents that Prairie Recovery \
            Center disclose the discharge summary to Bridge Counselling for continued treatment. \
            May be revoked in writing. Ends {next_year}.\nSigned: {name}, {today}",
    },
    Letter {
        kind: "substance-use-without-consent",
        basis: "42 CFR Part 2",
        requester: "Hill County Probation",
        clock_days: None,
        defects: &["no consent under 42 CFR 2.31"],
        expected: "hold",
        body: "Please send the records of {name}'s stay at the Recovery Center. General release \
            enclosed, which does not name substance use records.",
    },
    Letter {
        kind: "psychotherapy-notes",
        basis: "45 CFR 164.508(a)(2)",
        requester: "Orchard Law Office",
        clock_days: None,
        defects: &["psychotherapy notes need an authorization of their own: 164.508(b)(3)(ii)"],
        expected: "hold",
        body: "Please send all records and psychotherapy notes together.\n\n{form:Orchard Law \
            Office|custody case|{next_year}|{name}, {today}}",
    },
    Letter {
        kind: "accounting",
        basis: "45 CFR 164.528",
        requester: "the patient",
        clock_days: Some(60),
        defects: &[],
        expected: "release",
        body: "Please tell me to whom you have disclosed my health information in the last six \
            years.\nSigned: {name}",
    },
    Letter {
        kind: "amendment",
        basis: "45 CFR 164.526",
        requester: "the patient",
        clock_days: Some(60),
        defects: &[],
        expected: "review",
        body: "My record of {from} says that I smoke. I never have. Please correct it.\nSigned: \
            {name}",
    },
    Letter {
        kind: "parent-of-minor",
        basis: "45 CFR 164.502(g)(3)",
        requester: "a parent",
        clock_days: Some(30),
        defects: &[],
        expected: "review",
        body: "I am the parent of {name} and ask for the records from {from} to {to}.\nSigned: \
            {relative}",
    },
    Letter {
        kind: "restricted-payer",
        basis: "45 CFR 164.506",
        requester: "Prairie Health Plan",
        clock_days: None,
        defects: &["restricted by the individual: 164.522(a)(1)(vi)"],
        expected: "deny",
        body: "Please send the visit of {from} of {name}. (Note in the file: this visit was paid \
            in full out of pocket; the patient asked that it not go to the plan.)",
    },
];
