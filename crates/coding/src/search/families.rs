//! Words that mean the same in a title: the Latin adjective and the plain noun, the lay word and
//! the medical one. Each line is a family; a query word stands for every word of its family.

use std::collections::HashMap;
use std::sync::OnceLock;

const FAMILIES: &[&str] = &[
    "kidney renal nephric",
    "liver hepatic",
    "heart cardiac",
    "lung pulmonary",
    "brain cerebral",
    "stomach gastric",
    "skin cutaneous dermal",
    "eye ocular ophthalmic",
    "ovary ovarian",
    "uterus uterine",
    "testis testicular testicle teste",
    "sacrum sacral",
    "femur femoral",
    "spleen splenic",
    "pancreas pancreatic",
    "prostate prostatic",
    "esophagus esophageal",
    "colon colonic",
    "rectum rectal",
    "anus anal",
    "nose nasal",
    "vertebra vertebral",
    "tibia tibial",
    "fibula fibular",
    "humerus humeral",
    "radius radial",
    "ulna ulnar",
    "patella patellar kneecap",
    "clavicle clavicular collarbone",
    "sternum sternal breastbone",
    "scapula scapular",
    "mandible mandibular jaw",
    "maxilla maxillary",
    "cornea corneal",
    "retina retinal",
    "macula macular",
    "bladder vesical",
    "artery arterial",
    "vein venous",
    "muscle muscular",
    "bone osseous",
    "nerve neural",
    "tooth dental teeth",
    "throat pharynx pharyngeal",
    "larynx laryngeal",
    "trachea tracheal windpipe",
    "bronchus bronchial bronchi",
    "pleura pleural",
    "peritoneum peritoneal",
    "duodenum duodenal",
    "ileum ileal",
    "jejunum jejunal",
    "appendix appendiceal",
    "gallbladder cholecystic",
    "urethra urethral",
    "ureter ureteral ureteric",
    "vagina vaginal",
    "penis penile",
    "scrotum scrotal",
    "pituitary hypophysis",
    "belly abdomen abdominal",
    "hemorrhage bleeding hemorrhagic bleed",
    "calculus stone calculous",
    "clot thrombus thrombosis",
    "swelling edema",
    "itching pruritus",
    "fainting syncope",
    "bruise contusion",
    "cut laceration",
    "broken fracture",
    "rupture tear torn ruptured",
    "narrowing stenosis stricture",
    "enlarged enlargement",
    "regurgitation insufficiency incompetence",
    "anemia anemic",
    "hypoxia hypoxic hypoxemia hypoxemic",
    "hypercapnia hypercapnic",
    "diabetes diabetic",
    "alcohol alcoholic",
    "malignant malignancy cancerous",
    "newborn neonate neonatal",
    "child childhood pediatric",
    "pregnancy pregnant gestation gestational",
    "delivery childbirth",
    "cesarean caesarean",
    "toe hallux",
    "thumb pollex",
    "seizure convulsion",
    "stiffness ankylosis",
    "yeast candida candidal candidiasis",
    "virus viral",
    "bacteria bacterial",
    "infection infected",
    "herniation hernia herniated",
    "displacement displaced",
    "ulcer ulceration ulcerated",
    "necrosis necrotic necrotizing",
    "obstruction obstructed obstructive blockage",
    "failure insufficiency",
    "recurrent recurrence relapse",
    "unilateral one",
    "removal resection excision",
    "adenocarcinoma carcinoma",
    "mass lump",
    "medication drug",
    "dependence dependent addiction",
    "abuse misuse",
];

/// The family of a word, itself included; empty where it has none. Words are singular.
#[must_use]
pub fn family_of(word: &str) -> &'static [&'static str] {
    static TABLE: OnceLock<HashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = HashMap::new();
        for line in FAMILIES {
            let family: Vec<&str> = line.split(' ').collect();
            for word in &family {
                table.entry(super::words::singular(word)).or_insert_with(|| family.clone());
            }
        }
        table
    });
    table.get(word).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_found_by_every_word() {
        assert!(family_of("renal").contains(&"kidney"));
        assert!(family_of("diabete").contains(&"diabetic"));
        assert!(family_of("zebra").is_empty());
    }
}
