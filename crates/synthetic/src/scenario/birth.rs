//! Deliveries and newborns.

use super::{Class, Diagnosis, Scenario, bedside, dx, operation};

/// Deliveries: the mother's stay. Vaginal first, then by cesarean.
pub(crate) const DELIVERIES: [Scenario; 2] = [
    Scenario {
        class: Class::Inpatient,
        service: "Obstetrics",
        unit: "ob",
        complaint: "Labor at term",
        sex: "female",
        ages: (18, 42),
        length: (2, 3),
        weight: 1,
        deaths: 0,
        label: "",
        diagnoses: &[
            dx(
                "O80",
                "Encounter for full-term uncomplicated delivery",
                "Y",
                "normal delivery at term",
            ),
            dx("Z37.0", "Single live birth", "", "single live birth"),
            dx("Z3A.39", "39 weeks gestation of pregnancy", "", "39 weeks of gestation"),
        ],
        procedures: &[bedside(
            "10E0XZZ",
            "Delivery of Products of Conception, External Approach",
            "spontaneous vaginal delivery",
        )],
        medications: &[(
            "Ibuprofen 600 MG Oral Tablet",
            "1 tablet by mouth every 6 hours as needed",
        )],
        story: "is at 39 weeks and came in active labor with regular contractions every three \
                minutes. Prenatal care without complication.",
        findings: "Cervix 6 cm, head at station 0. Fetal heart rate tracing category I.",
        course: "Spontaneous vaginal delivery of a live infant over an intact perineum. Bleeding \
                 normal.",
        replaces: &["I10", "E11.9", "E78.5", "I48.91"],
        vitals: (86.0, 18.0, 36.9, 98.0),
    },
    Scenario {
        class: Class::Inpatient,
        service: "Obstetrics",
        unit: "ob",
        complaint: "Planned repeat cesarean at term",
        sex: "female",
        ages: (20, 42),
        length: (3, 4),
        weight: 1,
        deaths: 0,
        label: "",
        diagnoses: &[
            dx(
                "O34.211",
                "Maternal care for low transverse scar from previous cesarean delivery",
                "Y",
                "previous low transverse cesarean, for repeat cesarean",
            ),
            dx("Z37.0", "Single live birth", "", "single live birth"),
            dx("Z3A.39", "39 weeks gestation of pregnancy", "", "39 weeks of gestation"),
        ],
        procedures: &[operation(
            "10D00Z1",
            "Extraction of Products of Conception, Low, Open Approach",
            "low transverse cesarean delivery",
        )],
        medications: &[(
            "Ibuprofen 600 MG Oral Tablet",
            "1 tablet by mouth every 6 hours as needed",
        )],
        story: "is at 39 weeks with one earlier cesarean and chose a repeat.",
        findings: "Fundal height 38 cm, fetal heart rate 144. Scar well healed.",
        course: "Low transverse cesarean with delivery of a live infant. Blood loss 600 ml.",
        replaces: &["I10", "E11.9", "E78.5", "I48.91"],
        vitals: (88.0, 18.0, 36.9, 98.0),
    },
];

/// The newborn's stay, after vaginal delivery and after cesarean.
pub(crate) const NEWBORNS: [Diagnosis; 2] = [
    dx(
        "Z38.00",
        "Single liveborn infant, delivered vaginally",
        "",
        "healthy newborn, vaginal birth",
    ),
    dx(
        "Z38.01",
        "Single liveborn infant, delivered by cesarean",
        "",
        "healthy newborn, cesarean birth",
    ),
];
