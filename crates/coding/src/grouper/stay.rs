//! A claim's codes turned into the facts that formulas ask for, and the answers.

use super::claim::{Claim, PresentOnAdmission, Sex};
use super::formula::{Carrier, Expression, Mask, Word};
use super::logic::{
    CompiledCluster, CompiledRow, Counted, DiagnosisMeaning, Logic, ProcedureMeaning, Severity,
};
use super::tables::Tables;

/// A secondary diagnosis that is valid in the version.
#[derive(Clone, Copy)]
pub(crate) struct SecondaryFact {
    /// Its place in the claim.
    pub(crate) place: u32,
    /// Position of its meaning.
    pub(crate) meaning: u16,
    /// What it counts for now: exclusions and conditions taken off.
    pub(crate) severity: Severity,
    /// Why it does not count for what its code is.
    pub(crate) lost: Lost,
    pub(crate) poa: Option<PresentOnAdmission>,
}

/// Why a secondary diagnosis does not count as the CC or MCC that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lost {
    /// It counts, or never was one.
    Nothing,
    /// The principal diagnosis excludes it.
    Principal,
    /// It counts only for a patient who left alive.
    Died,
    /// It is a hospital-acquired condition that was not present on admission.
    Acquired,
}

/// A procedure or a formed cluster.
#[derive(Clone, Copy)]
pub(crate) struct ProcedureFact {
    /// Its place in the claim; none for a cluster.
    pub(crate) place: Option<u32>,
    /// Position of its meaning.
    pub(crate) pattern: u16,
    /// A bit for each category in which it does not count.
    pub(crate) hidden_in: u32,
    /// Position of the code, or of the cluster in the version.
    pub(crate) code: u32,
}

/// The facts of one claim. Kept between claims so that grouping allocates nothing.
#[derive(Default)]
pub struct Scratch {
    pub(crate) principal: Mask,
    pub(crate) secondary: Mask,
    pub(crate) every: Mask,
    pub(crate) discharge_status: u16,
    pub(crate) secondaries: Vec<SecondaryFact>,
    pub(crate) procedures: Vec<ProcedureFact>,
    pub(crate) procedure: Mask,
    pub(crate) some_hidden: bool,
    /// The highest severity that counts.
    pub(crate) severity: Severity,
}

/// What can't be grouped at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    NotValid,
    ExternalCause,
}

impl Scratch {
    /// Fills the facts; the principal diagnosis's meaning, or why there is none.
    pub(crate) fn fill(
        &mut self,
        tables: &Tables,
        meanings: &[ProcedureMeaning],
        logic: &Logic,
        claim: &Claim,
    ) -> Result<DiagnosisMeaning, Unusable> {
        self.discharge_status = claim.discharge_status;
        let place = tables.diagnoses.find(claim.principal.code).ok_or(Unusable::NotValid)?;
        let entry = logic.diagnoses[place];
        let meaning = entry.meaning.checked_sub(1).ok_or(Unusable::NotValid)?;
        let principal = logic.meanings[usize::from(meaning)];
        if principal.attributes.meets(&logic.counted.external_cause) {
            return Err(Unusable::ExternalCause);
        }
        self.principal = principal.attributes;
        self.fill_secondaries(tables, logic, claim, entry.group);
        self.fill_procedures(tables, meanings, logic, claim);
        Ok(principal)
    }

    fn fill_secondaries(&mut self, tables: &Tables, logic: &Logic, claim: &Claim, group: u16) {
        let excluded: &[u32] = match usize::from(group).checked_sub(1) {
            Some(group) => tables.exclusion_groups.get(group).map_or(&[], Vec::as_slice),
            None => &[],
        };
        self.secondaries.clear();
        self.secondary = Mask::EMPTY;
        self.every = self.principal;
        for (diagnosis, place) in claim.secondary.iter().zip(0..) {
            let Some(code) = tables.diagnoses.find(diagnosis.code) else { continue };
            let Some(position) = logic.diagnoses[code].meaning.checked_sub(1) else { continue };
            let meaning = &logic.meanings[usize::from(position)];
            self.secondary.join(&meaning.attributes);
            self.every.narrow(&meaning.attributes);
            let lost = if meaning.severity == Severity::None {
                Lost::Nothing
            } else if excluded.binary_search(&(code as u32)).is_ok() {
                Lost::Principal
            } else if self.discharge_status == 20
                && meaning.attributes.meets(&logic.counted.alive_only)
            {
                Lost::Died
            } else {
                Lost::Nothing
            };
            self.secondaries.push(SecondaryFact {
                place,
                meaning: position,
                severity: if lost == Lost::Nothing { meaning.severity } else { Severity::None },
                lost,
                poa: diagnosis.poa,
            });
        }
        self.weigh();
    }

    fn fill_procedures(
        &mut self,
        tables: &Tables,
        meanings: &[ProcedureMeaning],
        logic: &Logic,
        claim: &Claim,
    ) {
        self.procedures.clear();
        self.procedure = Mask::EMPTY;
        self.some_hidden = false;
        let mut components = false;
        for (procedure, place) in claim.procedures.iter().zip(0..) {
            let Some(code) = tables.procedures.find(procedure.code) else { continue };
            let entry = logic.procedures[code];
            let Some(pattern) = entry.pattern.checked_sub(1) else { continue };
            components |= entry.component;
            self.procedure.join(&meanings[usize::from(pattern)].attributes);
            let code = code as u32;
            self.procedures.push(ProcedureFact { place: Some(place), pattern, hidden_in: 0, code });
        }
        if components {
            self.form_clusters(meanings, logic);
        }
    }

    fn form_clusters(&mut self, meanings: &[ProcedureMeaning], logic: &Logic) {
        let listed = self.procedures.len();
        let mut candidates: Vec<u32> = Vec::new();
        for procedure in &self.procedures {
            let first = logic.components.partition_point(|(code, _)| *code < procedure.code);
            let mine = logic.components[first..].iter();
            let mine = mine.take_while(|(code, _)| *code == procedure.code);
            candidates.extend(mine.map(|(_, cluster)| *cluster));
        }
        candidates.sort_unstable();
        candidates.dedup();
        for candidate in candidates {
            let cluster = &logic.clusters[candidate as usize];
            if !forms(cluster, &self.procedures[..listed]) {
                continue;
            }
            self.some_hidden |= cluster.hides_components_in != 0;
            for procedure in &mut self.procedures[..listed] {
                if cluster.choices.iter().flatten().any(|code| *code == procedure.code) {
                    procedure.hidden_in |= cluster.hides_components_in;
                }
            }
            self.procedure.join(&meanings[usize::from(cluster.pattern)].attributes);
            self.procedures.push(ProcedureFact {
                place: None,
                pattern: cluster.pattern,
                hidden_in: 0,
                code: candidate,
            });
        }
    }

    /// Takes the highest severity anew.
    pub(crate) fn weigh(&mut self) {
        let highest = self.secondaries.iter().map(|secondary| secondary.severity).max();
        self.severity = highest.unwrap_or_default();
    }

    /// Attributes of the procedures that count in a category.
    pub(crate) fn procedures_in(&self, category: u32, meanings: &[ProcedureMeaning]) -> Mask {
        if !self.some_hidden {
            return self.procedure;
        }
        let mut mask = Mask::EMPTY;
        for procedure in &self.procedures {
            if procedure.hidden_in >> category & 1 == 0 {
                mask.join(&meanings[usize::from(procedure.pattern)].attributes);
            }
        }
        mask
    }

    /// The highest severity among secondaries that may supply it to a row.
    #[inline]
    pub(crate) fn severity_for(
        &self,
        row: &CompiledRow,
        meanings: &[DiagnosisMeaning],
    ) -> Severity {
        self.severity_without(&row.suppressed, meanings)
    }

    /// The highest severity among secondaries that carry none of some attributes.
    #[inline]
    pub(crate) fn severity_without(
        &self,
        suppressed: &Mask,
        meanings: &[DiagnosisMeaning],
    ) -> Severity {
        if !self.secondary.meets(suppressed) {
            return self.severity;
        }
        let allowed = self.secondaries.iter().filter(|secondary| {
            !meanings[usize::from(secondary.meaning)].attributes.meets(suppressed)
        });
        allowed.map(|secondary| secondary.severity).max().unwrap_or_default()
    }
}

fn forms(cluster: &CompiledCluster, procedures: &[ProcedureFact]) -> bool {
    cluster.choices.iter().all(|choice| {
        choice.iter().any(|code| procedures.iter().any(|procedure| procedure.code == *code))
    })
}

/// What a formula is asked about: a claim seen from one category.
pub(crate) struct View<'a> {
    pub(crate) stay: &'a Scratch,
    pub(crate) counted: &'a Counted,
    pub(crate) meanings: &'a [ProcedureMeaning],
    pub(crate) category: u32,
    pub(crate) procedure: Mask,
    pub(crate) secondary: Mask,
    pub(crate) severity: Severity,
}

impl View<'_> {
    /// The formula's answer.
    pub(crate) fn holds(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Has(carrier, mask) => self.has(*carrier, mask),
            Expression::Word(word) => self.word(*word),
            Expression::All(parts) => parts.iter().all(|part| self.holds(part)),
            Expression::Some(parts) => parts.iter().any(|part| self.holds(part)),
            Expression::Not(inner) => !self.holds(inner),
        }
    }

    #[inline]
    fn has(&self, carrier: Carrier, mask: &Mask) -> bool {
        match carrier {
            Carrier::Procedure => self.procedure.meets(mask),
            Carrier::Principal => self.stay.principal.meets(mask),
            Carrier::Secondary => self.secondary.meets(mask),
            Carrier::AnyDiagnosis => self.stay.principal.meets(mask) || self.secondary.meets(mask),
            Carrier::EveryDiagnosis => self.stay.every.meets(mask),
        }
    }

    fn word(&self, word: Word) -> bool {
        let status = self.stay.discharge_status;
        let counted = self.counted;
        match word {
            Word::Mcc => self.severity == Severity::Mcc,
            Word::Cc => self.severity == Severity::Cc,
            Word::Alive => status != 20,
            Word::Died => status == 20,
            Word::LeftAgainstAdvice => status == 7,
            Word::Transferred => matches!(status, 2 | 5 | 66 | 82 | 85 | 94),
            Word::MultipleTrauma => {
                let mut sites = self.secondary;
                sites.join(&self.stay.principal);
                sites.common(&counted.trauma_sites) >= 2
            }
            Word::Bilateral => self.procedure.common(&counted.joints) >= 2,
            Word::FourStents => self.sum(&Mask::FULL, |meaning| meaning.stents) >= 4,
            Word::FourVessels => self.sum(&Mask::FULL, |meaning| meaning.vessels) >= 4,
            Word::FourDrugElutingStents => {
                self.sum(&counted.drug_eluting_stents, |meaning| meaning.stents) >= 4
            }
            Word::FourOtherStents => self.sum(&counted.other_stents, |meaning| meaning.stents) >= 4,
            Word::SingleFusions => {
                let mut either = counted.anterior;
                either.join(&counted.posterior);
                self.sum(&either, |_| 1) >= 3
            }
            Word::AnteriorFusions => self.sum(&counted.anterior, |_| 1) >= 2,
            Word::PosteriorFusionsOne => self.sum(&counted.posterior_one, |_| 1) >= 2,
            Word::AnteriorFusionsSection => self.sum(&counted.anterior_section, |_| 1) >= 2,
            Word::PosteriorFusions => self.sum(&counted.posterior, |_| 1) >= 2,
            Word::MultipleFusion => self.sum(&counted.multiple, |_| 1) >= 2,
            Word::OperatingRoom => self.operating_room(),
            Word::Always => true,
            Word::Never => false,
        }
    }

    /// A sum over the procedures that count here and carry some of the attributes.
    fn sum(&self, attributes: &Mask, value: impl Fn(&ProcedureMeaning) -> u8) -> u32 {
        self.counting()
            .filter(|meaning| *attributes == Mask::FULL || meaning.attributes.meets(attributes))
            .map(|meaning| u32::from(value(meaning)))
            .sum()
    }

    fn operating_room(&self) -> bool {
        self.counting().any(|meaning| !meaning.attributes.meets(&self.counted.not_operating_room))
    }

    fn counting(&self) -> impl Iterator<Item = &ProcedureMeaning> {
        let here = self.stay.procedures.iter();
        here.filter(|procedure| procedure.hidden_in >> self.category & 1 == 0)
            .map(|procedure| &self.meanings[usize::from(procedure.pattern)])
    }
}

/// The principal diagnosis's category for a sex; none where it depends on a sex not known.
pub(crate) fn category_for(meaning: &DiagnosisMeaning, sex: Sex) -> Option<u32> {
    match sex {
        Sex::Male => Some(u32::from(meaning.mdc_male)),
        Sex::Female => Some(u32::from(meaning.mdc_female)),
        Sex::Unknown if meaning.mdc_male == meaning.mdc_female => Some(u32::from(meaning.mdc_male)),
        Sex::Unknown => None,
    }
}
