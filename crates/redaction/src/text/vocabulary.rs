//! Words that stand with a capital in headings, in the names of departments, drugs, germs and
//! scales, and are nobody's name. Two capitalised words of which one is here are no person.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Headings, departments, methods, scales and ordinary words.
const HEADINGS: &str = "\
Ability Absolute Access Activity Activities Addendum Additional Adult Adverse Advance Advanced \
Airway Alcohol Allergies Allergy Alert Ambulatory American Analysis Anatomical Anesthesia Ankle \
Annual Anterior Apparent Appearance Appointment Area Arterial Artery Aspirate Associate \
Association Attention Average Axial Axis Back Balance Band Base Basic Bed Behavior Behavioral \
Below Bile Biopsy Bladder Blot Board Body Bone Bowel Breast Breath British Calcium Call Cardiac \
Cardiovascular Carotid Case Cases Catheter Cell Cells Central Cerebral Cervical Characteristics \
Chief Child Children Chloride Clear Clinical Club Co Code Cognitive Colon Coma Committee Common \
Community Complaint Complete Complex Computed Computerized Concern Condition Congress Constant \
Constitutional Continue Contrast Control Coronary Council Count Country Course Critical Culture \
Current Daily Data Day Deep Delta Dental Depression Derived Detailed Development Device \
Diastolic Diet Differential Digital Direct Director Disability Disc Discussion Distal Diffuse \
Doses Double Drug Drugs Duct Ear Ears Echo Effect Effort Ejection Elbow Electric Electronic \
Embolism Endocrine English Entry Enzyme European Event Evidence Examined Exercise Expression \
Extended External Extra Extremities Extremity Eye Eyes Face Factor Faculty Failure Fall Family \
Federal Female Femoral Fever Figure Final Finding Findings Fine Flow Fluid Focus Food Foot Force \
Form Formula Fracture Free Full Function Functional Gait Gastric Gastrointestinal General \
Generic Genetic Genitourinary Global Glucose Good Grade Graft Gram Great Growth Guide Guidelines \
Gulf Hand Head Healthcare Hearing Hepatic High Hip Hormone Hour Hours House Human Image Images \
Immune Impression Incident Index Indication Individual Infectious Diseases Inferior Informed \
Inguinal Initial Injury Inner Intensive Internal International Interim Interval Intestinal Intra \
Intravenous Inventory Iron Issue Item Jaw Joint Joints Journal Junior Key Knee Large Laser Last \
Lateral Law Leg Legal Length Lesion Level Levels Life Light Limb Line Lipid List Live Load Local \
Long Low Lumbar Lymph Main Major Management Manual Marrow Mass Massive Maximum Mean Medial \
Median Medicine Mega Member Memory Mental Metabolic Method Mid Middle Mini Minimum Minor Mixed \
Model Modified Mom Mother Dad Father Motor Mouth Multi Multiple Muscle Musculoskeletal Mutation \
National Natural Nature Neck Nerve Net Neurological Nodes Nose Notice Nuclear Nutrition Object \
Objective Obstructive Ocular Official Onset Open Optic Optimum Oral Order Orders Organ \
Organization Orthopedic Outer Outpatient Oxygen Pain Palliative Palpation Panel Paper Part \
Partial Past Pathology Pediatric Pediatrics Pelvic Pelvis Perfusion Peripheral Person Personal \
Phase Photo Picture Pituitary Plain Plasma Platelet Point Poly Polyvalent Posterior Post \
Potassium Practical Practice Prescription Pressure Primary Prior Private Problem Problems \
Product Production Prognosis Program Progress Project Prostate Protein Proton Protocol Proximal \
Psychiatric Psychiatry Psychological Pulmonary Pulse Pupil Quality Quantitative Question \
Questions Radial Range Rapid Rate Ratio Reaction Reactive Real Reason Rectal Red Reference \
Reflex Reflexes Region Regular Rehabilitation Relative Renal Repeat Research Respiratory \
Response Resonance Restriction Retinal Return Risk Role Root Routine Safe Sample Saturation \
Scale Scan Science Sciences Scientific Score Screen Screening Self Senior Sensory Sentinel \
Serious Serum Severity Sex Short Shoulder Sign Signal Signs Simple Single Sinus Site Skin Sleep \
Small Smear Smooth Social Society Sodium Soft Solid Solution Sound Source Space Special \
Specialist Specialty Specific Speech Spinal Spine Spiral Spontaneous Sports Square Stage \
Standard Stellate Stem Step Steps Stool Strength Stress Stroke Structure Study Sub Subjective \
Subject Super Superficial Superior Support Supposed Sure Surface Surgical System Systems \
Systolic Table Target Team Teen Telephone Temperature Temporal Test Testing Third Thoracic \
Thorax Throat Thyroid Tissue Title Toe Tone Tongue Tool Total Touch Toxic Tract Training \
Transfer Transfusion Transplant Trauma Trial Triple Tube Tumor Tumour Ulcer Ultra Ultrasound \
Under Universal Urgent Urinary Urine Vaccine Valve Vascular Vein Venous Ventricular Vertebral \
Veterinary View Viral Virus Vision Visual Vital Vitals Vitamin Volume Wall War Warning Water \
Wave Weight Western White Whole Wide Wife Husband Wing Word World Worst Wound Wrist Young Zone \
Union Love Princess Royal Guilty Pleasures Info Cautionary Tales Boogie Records Magnetic \
Positron Emission Hemoglobin Creatinine Aureus Coli Vulgar Recurrent Epidermal";

/// Drugs by the names on the box, without the endings that already tell a drug.
const DRUGS: &str = "\
Abilify Adderall Advair Advil Albuterol Aldactone Aleve Allegra Ambien Amoxil Aspirin Ativan \
Atrovent Augmentin Bactrim Benadryl Biaxin Botox Celebrex Celexa Cialis Cipro Claritin Clozaril \
Colace Concerta Coreg Coumadin Cozaar Crestor Cymbalta Depakote Dexilant Digoxin Dilantin \
Dilaudid Diovan Dulcolax Effexor Eliquis Enbrel Entresto Epipen Farxiga Fentanyl Fioricet \
Flexeril Flomax Flonase Fosamax Gleevec Glucophage Heparin Humalog Humira Humulin Ibuprofen \
Imdur Imitrex Imodium Inderal Insulin Invokana Janumet Januvia Jardiance Keflex Keppra Klonopin \
Lamictal Lantus Lasix Levaquin Levemir Levothyroxine Lexapro Lipitor Lisinopril Lopressor Lortab \
Lovenox Lunesta Lyrica Metamucil Metformin Methotrexate Miralax Mobic Morphine Motrin Mucinex \
Naltrexone Namenda Naproxen Neurontin Nexium Nitroglycerin Norco Norvasc Novolog Ozempic Pamelor \
Paxil Pepcid Percocet Plaquenil Plavix Pradaxa Prednisone Prilosec Prinivil Procardia Protonix \
Prozac Pulmicort Qvar Remeron Remicade Requip Restoril Risperdal Ritalin Robitussin Seroquel \
Sertraline Singulair Skelaxin Spiriva Stelara Suboxone Sudafed Symbicort Synthroid Tamiflu \
Tegretol Toprol Toradol Tramadol Trazodone Trelegy Trulicity Tylenol Ultram Valium Valtrex \
Vancomycin Ventolin Viagra Vicodin Voltaren Vyvanse Warfarin Wegovy Wellbutrin Xanax Xarelto \
Xyzal Zantac Zestril Zithromax Zocor Zofran Zoloft Zyprexa Zyrtec Welixa";

/// Germs, signs, tests and tools that bear a person's name.
const EPONYMS: &str = "\
Achilles Adson Allis Apley Aspergillus Bacillus Bacteroides Baker Barrett Barre Barthel Bartter \
Beck Behcet Bence Berger Bishop Borrelia Bouchard Boutonniere Braden Brodmann Brugada Brucella \
Buerger Burkitt Campylobacter Candida Charcot Chiari Chlamydia Chvostek Clostridium Colles \
Coombs Corynebacterium Courvoisier Cryptococcus Dix Dupuytren Ehlers Eisenmenger Enterobacter \
Enterococcus Epstein Escherichia Ewing Fallot Fanconi Finkelstein Fisher Fontan Fowler Frei \
Giardia Gilles Gleason Goodpasture Guillain Haemophilus Hallpike Hashimoto Hawkins Heberden \
Heimlich Helicobacter Henoch Hirschsprung Hoffman Hoffmann Homan Homans Horner Hounsfield Jaeger \
Kaposi Karnofsky Kawasaki Kennedy Kernig Kimmelstiel Klebsiella Klinefelter Korsakoff Kussmaul \
Lachman Legionella Leishmania Lhermitte Listeria Lyme Mallory Mantoux McBurney McMurray Meckel \
Meniere Merkel Mohs Moro Munchausen Murphy Mycobacterium Mycoplasma Neer Neisseria Neelsen \
Nielsen Nocardia Osgood Osler Paget Papanicolaou Pap Peyronie Phalen Plasmodium Pneumocystis \
Pott Proteus Pseudomonas Purkinje Queckenstedt Quincke Raynaud Reiter Reye Rickettsia Rinne \
Rorschach Rovsing Salmonella Schilling Schirmer Schlatter Schober Serratia Shigella Simmonds \
Sjogren Snellen Spurling Staphylococcus Stevens Streptococcus Swan Ganz Tanner Thomas Thompson \
Tinel Toxoplasma Tourette Treponema Trendelenburg Trousseau Turner Valsalva Virchow Wallenberg \
Waterhouse Weber Wegener Wernicke Whipple Wilms Wilson Wolff Yersinia Yergason Ziehl Zollinger";

static WORDS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| [HEADINGS, DRUGS].iter().flat_map(|list| list.split_whitespace()).collect());
static NAMED: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| EPONYMS.split_whitespace().collect());

/// Whether a capitalised word is of headings, departments or drugs.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(word)
}

/// Whether a capitalised word names a germ, a sign, a test or a disease after somebody.
pub(super) fn is_eponym(word: &str) -> bool {
    NAMED.contains(word)
}
