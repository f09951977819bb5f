//! Short names of code systems.

/// Clinical and billing code systems whose codes people want to see.
const CLINICAL: &[(&str, &str)] = &[
    ("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM"),
    ("http://hl7.org/fhir/sid/icd-10", "ICD-10"),
    ("http://hl7.org/fhir/sid/icd-9-cm", "ICD-9-CM"),
    ("http://www.cms.gov/Medicare/Coding/ICD10", "ICD-10-PCS"),
    ("http://hl7.org/fhir/sid/icd-10-pcs", "ICD-10-PCS"),
    ("http://snomed.info/sct", "SNOMED CT"),
    ("http://loinc.org", "LOINC"),
    ("http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
    ("http://hl7.org/fhir/sid/cvx", "CVX"),
    ("http://hl7.org/fhir/sid/ndc", "NDC"),
    ("http://www.ama-assn.org/go/cpt", "CPT"),
    ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS"),
    ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS"),
    ("http://terminology.hl7.org/CodeSystem/HCPCS", "HCPCS"),
    ("https://www.nubc.org/CodeSystem/PatDischargeStatus", "UB-04"),
    ("http://www.nubc.org/patient-discharge", "UB-04"),
    ("http://nucc.org/provider-taxonomy", "NUCC"),
    ("http://fdasis.nlm.nih.gov", "UNII"),
    ("http://hl7.org/fhir/sid/us-npi", "NPI"),
    ("http://hl7.org/fhir/sid/us-ssn", "SSN"),
    ("http://unitsofmeasure.org", "UCUM"),
    ("http://dicom.nema.org/resources/ontology/DCM", "DICOM"),
    ("http://www.ada.org/cdt", "CDT"),
    ("urn:oid:2.16.840.1.113883.6.238", "CDC race and ethnicity"),
    ("urn:ietf:rfc:3986", "URI"),
];

/// The short name of a clinical or billing code system; `None` for the others, whose codes are
/// told by their words alone.
pub fn system_name(uri: &str) -> Option<&'static str> {
    CLINICAL.iter().find(|(known, _)| *known == uri).map(|(_, name)| *name)
}
