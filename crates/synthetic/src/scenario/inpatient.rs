//! Stays: what people are admitted for.

use super::{Class, NONE, Scenario, bedside, dx, operation};

/// Inpatient scenarios.
pub(crate) const INPATIENT: &[Scenario] = &[
    Scenario {
        class: Class::Inpatient,
        service: "Medicine",
        unit: "med",
        complaint: "Cough, fever and shortness of breath",
        sex: "",
        ages: (35, 95),
        length: (3, 7),
        weight: 14,
        deaths: 5,
        label: "",
        diagnoses: &[
            dx("J18.9", "Pneumonia, unspecified organism", "Y", "community-acquired pneumonia"),
            dx(
                "J96.01",
                "Acute respiratory failure with hypoxia",
                "Y",
                "acute hypoxic respiratory failure",
            ),
        ],
        procedures: NONE,
        medications: &[
            ("Ceftriaxone 1000 MG Injection", "1 g intravenously every 24 hours"),
            ("Azithromycin 250 MG Oral Tablet", "500 mg by mouth on day 1, then 250 mg daily"),
        ],
        story: "reports four days of productive cough, fever to 39 and worsening shortness of \
                breath. {He} was found by {his} spouse to be confused this morning.",
        findings: "Oxygen saturation 84% on room air, improved to 93% on 4 L nasal cannula. \
                   Crackles at the right base. Chest radiograph: right lower lobe consolidation. \
                   White cell count 16.2. PaO2 54 mmHg on room air.",
        course: "Treated with ceftriaxone and azithromycin and oxygen by nasal cannula for acute \
                 hypoxic respiratory failure. Weaned to room air by day 3. Cultures had no growth.",
        replaces: &[],
        vitals: (104.0, 24.0, 38.6, 88.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Medicine",
        unit: "tele",
        complaint: "Shortness of breath and leg swelling",
        sex: "",
        ages: (55, 95),
        length: (3, 8),
        weight: 14,
        deaths: 4,
        label: "",
        diagnoses: &[
            dx(
                "I11.0",
                "Hypertensive heart disease with heart failure",
                "Y",
                "hypertensive heart disease with heart failure",
            ),
            dx(
                "I50.23",
                "Acute on chronic systolic (congestive) heart failure",
                "Y",
                "acute on chronic systolic heart failure",
            ),
            dx("E87.6", "Hypokalemia", "N", "hypokalemia with diuresis, repleted"),
        ],
        procedures: NONE,
        medications: &[
            ("Furosemide 40 MG Oral Tablet", "1 tablet by mouth twice a day"),
            ("Carvedilol 12.5 MG Oral Tablet", "1 tablet by mouth twice a day"),
        ],
        story: "has known systolic heart failure and comes with a week of orthopnea, weight gain \
                of 5 kg and swelling of both legs after missing {his} diuretic.",
        findings: "Jugular veins distended, crackles in both lungs to the mid zones, pitting edema \
                   to the knees. BNP 1,840. Echocardiogram: ejection fraction 30%.",
        course: "Diuresed 6 L with intravenous furosemide. Potassium fell to 2.9 on day 2 and was \
                 repleted. Changed to oral diuretic; weight on discharge 4.8 kg below admission.",
        replaces: &["I10"],
        vitals: (96.0, 22.0, 36.8, 91.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Medicine",
        unit: "icu",
        complaint: "Fever and confusion",
        sex: "",
        ages: (50, 97),
        length: (4, 12),
        weight: 10,
        deaths: 20,
        label: "",
        diagnoses: &[
            dx(
                "A41.9",
                "Sepsis, unspecified organism",
                "Y",
                "sepsis due to urinary tract infection",
            ),
            dx(
                "N39.0",
                "Urinary tract infection, site not specified",
                "Y",
                "urinary tract infection",
            ),
            dx("R65.20", "Severe sepsis without septic shock", "Y", "severe sepsis"),
            dx("N17.9", "Acute kidney failure, unspecified", "Y", "acute kidney injury"),
        ],
        procedures: &[bedside(
            "02HV33Z",
            "Insertion of Infusion Device into Superior Vena Cava, Percutaneous Approach",
            "central venous catheter, right internal jugular",
        )],
        medications: &[
            ("Piperacillin/Tazobactam 4.5 G Injection", "4.5 g intravenously every 8 hours"),
            ("Norepinephrine 1 MG/ML Injection", "titrated to mean pressure of 65 mmHg"),
        ],
        story: "was sent from home with fever, rigors and new confusion. {His} daughter reports \
                foul urine for three days.",
        findings: "Blood pressure 86/48 before fluids, lactate 4.1, creatinine 2.4 from a baseline \
                   of 0.9. Urine: nitrite positive, more than 100 white cells.",
        course: "Resuscitated with 30 ml/kg crystalloid, central line placed, piperacillin with \
                 tazobactam given. Lactate cleared within 12 hours; creatinine returned to 1.0.",
        replaces: &[],
        vitals: (118.0, 26.0, 39.1, 92.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Surgery",
        unit: "surg",
        complaint: "Right hip pain after a fall",
        sex: "",
        ages: (66, 96),
        length: (4, 8),
        weight: 9,
        deaths: 4,
        label: "",
        diagnoses: &[
            dx(
                "S72.001A",
                "Fracture of unspecified part of neck of right femur, initial encounter for \
                 closed fracture",
                "Y",
                "closed fracture of the right femoral neck",
            ),
            dx("D62", "Acute posthemorrhagic anemia", "N", "acute blood loss anemia after surgery"),
            dx(
                "W01.0XXA",
                "Fall on same level from slipping, tripping and stumbling without subsequent \
                 striking against object, initial encounter",
                "Y",
                "slipped on a rug at home",
            ),
        ],
        procedures: &[
            operation(
                "0SRR0J9",
                "Replacement of Right Hip Joint, Femoral Surface with Synthetic Substitute, \
                 Cemented, Open Approach",
                "right hip hemiarthroplasty, cemented",
            ),
            bedside(
                "30233N1",
                "Transfusion of Nonautologous Red Blood Cells into Peripheral Vein, Percutaneous \
                 Approach",
                "transfusion of two units of packed red cells",
            ),
        ],
        medications: &[
            ("Enoxaparin 40 MG Injection", "40 mg under the skin daily"),
            ("Oxycodone 5 MG Oral Tablet", "1 tablet by mouth every 6 hours as needed for pain"),
        ],
        story: "slipped on a rug at home and could not get up. {He} denies loss of consciousness.",
        findings: "Right leg shortened and externally rotated. Radiograph: displaced fracture of \
                   the right femoral neck.",
        course: "Taken to the operating room on hospital day 1 for hemiarthroplasty. Hemoglobin \
                 fell from 12.1 to 7.2; two units transfused. Walking with a frame at discharge.",
        replaces: &[],
        vitals: (92.0, 18.0, 36.9, 96.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Surgery",
        unit: "surg",
        complaint: "Right lower abdominal pain",
        sex: "",
        ages: (8, 60),
        length: (1, 3),
        weight: 10,
        deaths: 0,
        label: "",
        diagnoses: &[dx("K35.80", "Unspecified acute appendicitis", "Y", "acute appendicitis")],
        procedures: &[operation(
            "0DTJ4ZZ",
            "Resection of Appendix, Percutaneous Endoscopic Approach",
            "laparoscopic appendectomy",
        )],
        medications: &[
            ("Cefoxitin 2000 MG Injection", "2 g intravenously once before incision"),
            ("Ibuprofen 400 MG Oral Tablet", "1 tablet by mouth every 6 hours as needed for pain"),
        ],
        story: "has had pain for 20 hours that began at the navel and moved to the right lower \
                abdomen, with nausea and one bout of vomiting.",
        findings: "Tender at McBurney's point with guarding. White cell count 14.8. CT: appendix \
                   11 mm, inflamed, without perforation or abscess.",
        course: "Laparoscopic appendectomy without complication. Eating on the first day after.",
        replaces: &[],
        vitals: (98.0, 18.0, 38.0, 98.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Surgery",
        unit: "surg",
        complaint: "Right upper abdominal pain after meals",
        sex: "",
        ages: (25, 80),
        length: (2, 4),
        weight: 9,
        deaths: 0,
        label: "",
        diagnoses: &[dx(
            "K80.00",
            "Calculus of gallbladder with acute cholecystitis without obstruction",
            "Y",
            "acute cholecystitis with gallstones",
        )],
        procedures: &[operation(
            "0FT44ZZ",
            "Resection of Gallbladder, Percutaneous Endoscopic Approach",
            "laparoscopic cholecystectomy",
        )],
        medications: &[(
            "Ibuprofen 400 MG Oral Tablet",
            "1 tablet by mouth every 6 hours as needed for pain",
        )],
        story: "has had two days of pain under the right ribs after a fatty meal, with fever.",
        findings: "Murphy's sign positive. Ultrasound: stones, wall 6 mm, fluid about the \
                   gallbladder, common duct 4 mm. Bilirubin normal.",
        course: "Laparoscopic cholecystectomy on hospital day 1 without complication.",
        replaces: &[],
        vitals: (94.0, 18.0, 38.2, 97.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Surgery",
        unit: "surg",
        complaint: "Right knee pain, for planned replacement",
        sex: "",
        ages: (55, 85),
        length: (2, 4),
        weight: 10,
        deaths: 0,
        label: "",
        diagnoses: &[dx(
            "M17.11",
            "Unilateral primary osteoarthritis, right knee",
            "Y",
            "primary osteoarthritis of the right knee",
        )],
        procedures: &[operation(
            "0SRC0J9",
            "Replacement of Right Knee Joint with Synthetic Substitute, Cemented, Open Approach",
            "right total knee arthroplasty, cemented",
        )],
        medications: &[
            ("Aspirin 81 MG Oral Tablet", "1 tablet by mouth twice a day for 30 days"),
            ("Oxycodone 5 MG Oral Tablet", "1 tablet by mouth every 6 hours as needed for pain"),
        ],
        story: "has had years of right knee pain that no longer answers to injections and therapy. \
                {He} is admitted for planned replacement.",
        findings: "Varus deformity, crepitus, flexion to 100 degrees. Radiograph: joint space \
                   lost in the medial compartment.",
        course: "Cemented total knee arthroplasty without complication. Climbed stairs with \
                 physical therapy before discharge.",
        replaces: &[],
        vitals: (78.0, 16.0, 36.7, 97.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Medicine",
        unit: "tele",
        complaint: "Sudden weakness of the right side",
        sex: "",
        ages: (50, 95),
        length: (3, 9),
        weight: 8,
        deaths: 12,
        label: "",
        diagnoses: &[
            dx("I63.9", "Cerebral infarction, unspecified", "Y", "acute ischemic stroke"),
            dx("R29.810", "Facial weakness", "Y", "right facial droop"),
        ],
        procedures: &[bedside(
            "3E03317",
            "Introduction of Other Thrombolytic into Peripheral Vein, Percutaneous Approach",
            "intravenous alteplase",
        )],
        medications: &[
            ("Aspirin 81 MG Oral Tablet", "1 tablet by mouth daily"),
            ("Atorvastatin 80 MG Oral Tablet", "1 tablet by mouth at bedtime"),
        ],
        story: "was last seen well 90 minutes before, then had sudden weakness of the right \
                arm and drooping of {his} face.",
        findings: "NIH stroke scale 9. CT of the head without hemorrhage.",
        course: "Alteplase given 2 h 10 min after onset. NIH stroke scale 3 at 24 hours. No atrial \
                 fibrillation on telemetry.",
        replaces: &["E78.5"],
        vitals: (84.0, 17.0, 36.8, 96.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Cardiology",
        unit: "tele",
        complaint: "Chest pressure",
        sex: "",
        ages: (42, 88),
        length: (2, 5),
        weight: 9,
        deaths: 5,
        label: "",
        diagnoses: &[
            dx(
                "I21.4",
                "Non-ST elevation (NSTEMI) myocardial infarction",
                "Y",
                "non-ST elevation myocardial infarction",
            ),
            dx(
                "I25.10",
                "Atherosclerotic heart disease of native coronary artery without angina pectoris",
                "Y",
                "coronary artery disease of the native left anterior descending artery",
            ),
        ],
        procedures: &[
            operation(
                "027034Z",
                "Dilation of Coronary Artery, One Artery with Drug-eluting Intraluminal Device, \
                 Percutaneous Approach",
                "drug-eluting stent to the left anterior descending artery",
            ),
            bedside(
                "4A023N7",
                "Measurement of Cardiac Sampling and Pressure, Left Heart, Percutaneous Approach",
                "left heart catheterization",
            ),
        ],
        medications: &[
            ("Clopidogrel 75 MG Oral Tablet", "1 tablet by mouth daily"),
            ("Metoprolol 25 MG Oral Tablet", "1 tablet by mouth twice a day"),
        ],
        story: "had pressure in the chest at rest for two hours, with sweating.",
        findings: "ECG: ST depression in V3 to V5. Troponin 0.8, then 4.2.",
        course: "Catheterization: 90% stenosis of the left anterior descending artery, stented. No \
                 further pain.",
        replaces: &[],
        vitals: (88.0, 18.0, 36.8, 96.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Medicine",
        unit: "med",
        complaint: "Black stools and dizziness",
        sex: "",
        ages: (40, 90),
        length: (2, 6),
        weight: 8,
        deaths: 3,
        label: "",
        diagnoses: &[
            dx(
                "K26.4",
                "Chronic or unspecified duodenal ulcer with hemorrhage",
                "Y",
                "bleeding duodenal ulcer",
            ),
            dx("D62", "Acute posthemorrhagic anemia", "Y", "acute blood loss anemia"),
        ],
        procedures: &[
            bedside(
                "0W3P8ZZ",
                "Control Bleeding in Gastrointestinal Tract, Via Natural or Artificial Opening \
                 Endoscopic",
                "upper endoscopy with clip of a bleeding duodenal ulcer",
            ),
            bedside(
                "30233N1",
                "Transfusion of Nonautologous Red Blood Cells into Peripheral Vein, Percutaneous \
                 Approach",
                "transfusion of two units of packed red cells",
            ),
        ],
        medications: &[("Pantoprazole 40 MG Oral Tablet", "1 tablet by mouth twice a day")],
        story: "has had black stools for three days and nearly fainted today. {He} takes ibuprofen \
                daily for {his} back.",
        findings: "Pale, pulse 112 lying. Stool black, guaiac positive. Hemoglobin 6.8.",
        course: "Two units transfused. Endoscopy: duodenal ulcer with visible vessel, clipped. \
                 Hemoglobin steady at 9.1. Ibuprofen stopped.",
        replaces: &["K21.9"],
        vitals: (110.0, 19.0, 36.7, 97.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Behavioral health",
        unit: "bhu",
        complaint: "Thoughts of suicide",
        sex: "",
        ages: (18, 70),
        length: (4, 12),
        weight: 6,
        deaths: 0,
        label: "mental-health",
        diagnoses: &[
            dx(
                "F33.2",
                "Major depressive disorder, recurrent severe without psychotic features",
                "Y",
                "major depressive disorder, recurrent, severe, without psychotic features",
            ),
            dx("R45.851", "Suicidal ideations", "Y", "suicidal ideation without attempt"),
        ],
        procedures: &[bedside(
            "GZ51ZZZ",
            "Individual Psychotherapy, Behavioral",
            "individual behavioral therapy",
        )],
        medications: &[("Escitalopram 10 MG Oral Tablet", "1 tablet by mouth daily")],
        story: "has had worsening mood for two months after losing {his} work and now thinks of \
                suicide, without a plan.",
        findings: "Tearful, slowed speech, no delusions or hallucinations. PHQ-9 of 22.",
        course: "Escitalopram started; daily individual therapy. No suicidal thoughts for four \
                 days before discharge. Safety plan agreed.",
        replaces: &["F32.A"],
        vitals: (80.0, 15.0, 36.7, 98.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Recovery",
        unit: "rec",
        complaint: "Alcohol withdrawal",
        sex: "",
        ages: (24, 68),
        length: (3, 7),
        weight: 5,
        deaths: 0,
        label: "sud",
        diagnoses: &[dx(
            "F10.230",
            "Alcohol dependence with withdrawal, uncomplicated",
            "Y",
            "alcohol dependence with uncomplicated withdrawal",
        )],
        procedures: &[bedside(
            "HZ2ZZZZ",
            "Detoxification Services for Substance Abuse Treatment",
            "medically managed withdrawal",
        )],
        medications: &[
            ("Chlordiazepoxide 25 MG Oral Capsule", "by CIWA score, tapered over four days"),
            ("Thiamine 100 MG Oral Tablet", "1 tablet by mouth daily"),
        ],
        story: "drinks a liter of vodka daily, stopped yesterday, and came to the recovery program \
                with tremor and sweating.",
        findings: "Tremor of both hands, CIWA score 16. No seizure, no hallucinations.",
        course: "Tapered with chlordiazepoxide by CIWA. Agreed to outpatient counselling.",
        replaces: &[],
        vitals: (106.0, 18.0, 37.1, 98.0),
    },
];
