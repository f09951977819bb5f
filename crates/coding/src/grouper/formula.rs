//! The language of the published formulas, compiled to tests on bit sets.
//!
//! Names, `&`, `|`, `~` and parentheses; `~` binds first, then `&`, then `|`. A bare name is an
//! attribute of a procedure; `PDX:`, `SDX:`, `ANY:` and `ONLY:` ask for an attribute of diagnoses;
//! words in capitals are tests of their own.

use super::tables::TablesError;

/// How many words of 64 bits a set of attributes has.
const WORDS: usize = 4;

/// A set of attributes of one kind, by their positions in the list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask([u64; WORDS]);

impl Mask {
    /// How many attributes a mask can tell apart.
    pub(crate) const CAPACITY: usize = WORDS * 64;
    pub(crate) const EMPTY: Self = Self([0; WORDS]);
    pub(crate) const FULL: Self = Self([u64::MAX; WORDS]);

    pub(crate) fn of(bits: impl IntoIterator<Item = u32>) -> Self {
        let mut mask = Self::EMPTY;
        for bit in bits {
            mask.0[bit as usize / 64] |= 1 << (bit % 64);
        }
        mask
    }

    #[inline]
    pub(crate) fn join(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    #[inline]
    pub(crate) fn narrow(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word &= more;
        }
    }

    #[inline]
    pub(crate) fn meets(&self, other: &Self) -> bool {
        (0..WORDS).fold(0, |found, word| found | self.0[word] & other.0[word]) != 0
    }

    pub(crate) fn common(&self, other: &Self) -> u32 {
        (0..WORDS).map(|word| (self.0[word] & other.0[word]).count_ones()).sum()
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// The positions in the set, lowest first.
    #[inline]
    pub(crate) fn bits(self) -> impl Iterator<Item = usize> {
        (0..WORDS).flat_map(move |word| {
            let mut rest = self.0[word];
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    word * 64 + bit as usize
                })
            })
        })
    }

    /// Calls `visit` with each position that both sets have.
    #[inline]
    pub(crate) fn each_common(&self, other: &Self, mut visit: impl FnMut(usize)) {
        for word in 0..WORDS {
            let mut rest = self.0[word] & other.0[word];
            while rest != 0 {
                visit(word * 64 + rest.trailing_zeros() as usize);
                rest &= rest - 1;
            }
        }
    }
}

/// Whose attributes a formula asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// Some procedure that counts in the category.
    Procedure,
    /// `PDX:` the principal diagnosis.
    Principal,
    /// `SDX:` some secondary diagnosis.
    Secondary,
    /// `ANY:` any diagnosis.
    AnyDiagnosis,
    /// `ONLY:` every diagnosis.
    EveryDiagnosis,
}

/// A word in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Mcc,
    Cc,
    Alive,
    Died,
    LeftAgainstAdvice,
    Transferred,
    MultipleTrauma,
    Bilateral,
    FourStents,
    FourVessels,
    FourDrugElutingStents,
    FourOtherStents,
    SingleFusions,
    AnteriorFusions,
    PosteriorFusionsOne,
    AnteriorFusionsSection,
    PosteriorFusions,
    MultipleFusion,
    OperatingRoom,
    Always,
    Never,
}

const WORDS_IN_CAPITALS: [(&str, Word); 22] = [
    ("MCC", Word::Mcc),
    ("CC", Word::Cc),
    ("ALIVE", Word::Alive),
    ("DIED", Word::Died),
    ("AMA", Word::LeftAgainstAdvice),
    ("XFRNBA", Word::Transferred),
    ("MULTST", Word::MultipleTrauma),
    ("BILATERAL", Word::Bilateral),
    ("FOUR_STENTS", Word::FourStents),
    ("FOUR_VESSELS", Word::FourVessels),
    ("FOUR_DRUG_ELUTING_STENTS", Word::FourDrugElutingStents),
    ("FOUR_NON_DRUG_ELUTING_STENTS", Word::FourOtherStents),
    ("SINGLEFUSIONCTR", Word::SingleFusions),
    ("SGLANTCTR", Word::AnteriorFusions),
    ("SGLPOST1CTR", Word::PosteriorFusionsOne),
    ("SGLANTSECTXCTR", Word::AnteriorFusionsSection),
    ("SGLPOSTFUSECTR", Word::PosteriorFusions),
    ("MULTFUSE", Word::MultipleFusion),
    ("ORPROC", Word::OperatingRoom),
    ("MDC_20_FALL_THRU", Word::Always),
    ("ANYDX", Word::Always),
    ("ERRORDRG", Word::Never),
];

/// A compiled formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// Some attribute of the set stands at the carrier.
    Has(Carrier, Mask),
    Word(Word),
    All(Vec<Expression>),
    Some(Vec<Expression>),
    Not(Box<Expression>),
}

/// The names of attributes, which give formulas their bits.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    pub(crate) diagnosis: &'a [String],
    pub(crate) procedure: &'a [String],
}

/// Compiles a formula.
///
/// A name that no code carries is false: the published tables keep some names of earlier years.
pub(crate) fn compile(formula: &str, names: Names) -> Result<Expression, TablesError> {
    let mut parser = Parser { rest: formula, names, depth: 0 };
    let expression = parser.either();
    match expression {
        Some(expression) if parser.rest.trim_start().is_empty() => Ok(expression),
        _ => Err(TablesError::Formula { formula: formula.to_owned() }),
    }
}

struct Parser<'a> {
    rest: &'a str,
    names: Names<'a>,
    depth: u32,
}

impl Parser<'_> {
    fn skip(&mut self, symbol: char) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(symbol) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> Option<Expression> {
        let mut parts = vec![self.both()?];
        while self.skip('|') {
            parts.push(self.both()?);
        }
        Some(merge(parts))
    }

    fn both(&mut self) -> Option<Expression> {
        let mut parts = vec![self.single()?];
        while self.skip('&') {
            parts.push(self.single()?);
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn single(&mut self) -> Option<Expression> {
        const DEPTH_MAX: u32 = 64;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let found = if self.skip('~') {
            Some(Expression::Not(Box::new(self.single()?)))
        } else if self.skip('(') {
            let inner = self.either()?;
            self.skip(')').then_some(inner)
        } else {
            self.name()
        };
        self.depth -= 1;
        found
    }

    fn name(&mut self) -> Option<Expression> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || "&|~()".contains(c));
        let (token, after) = rest.split_at(end.unwrap_or(rest.len()));
        self.rest = after;
        if token.is_empty() {
            return None;
        }
        let word = WORDS_IN_CAPITALS.iter().find(|(text, _)| *text == token);
        if let Some((_, word)) = word {
            return Some(Expression::Word(*word));
        }
        let (carrier, name) = match token.split_once(':') {
            None => (Carrier::Procedure, token),
            Some(("PDX", name)) => (Carrier::Principal, name),
            Some(("SDX", name)) => (Carrier::Secondary, name),
            Some(("ANY", name)) => (Carrier::AnyDiagnosis, name),
            Some(("ONLY", name)) => (Carrier::EveryDiagnosis, name),
            Some(_) => return None,
        };
        let names = match carrier {
            Carrier::Procedure => self.names.procedure,
            _ => self.names.diagnosis,
        };
        let position = names.iter().position(|known| known == name);
        Some(position.map_or(Expression::Word(Word::Never), |position| {
            Expression::Has(carrier, Mask::of([position as u32]))
        }))
    }
}

/// Alternatives that ask the same carrier become one test.
fn merge(parts: Vec<Expression>) -> Expression {
    let mut merged: Vec<Expression> = Vec::new();
    for part in parts {
        if let Expression::Has(carrier, mask) = &part
            && *carrier != Carrier::EveryDiagnosis
        {
            let same = merged.iter_mut().find_map(|known| match known {
                Expression::Has(other, set) if other == carrier => Some(set),
                _ => None,
            });
            if let Some(set) = same {
                set.join(mask);
                continue;
            }
        }
        merged.push(part);
    }
    if merged.len() == 1 { merged.remove(0) } else { Expression::Some(merged) }
}

/// A condition without which a formula is never true: at least one of these attributes.
pub(crate) struct Clause {
    pub(crate) carrier: Carrier,
    pub(crate) attributes: Mask,
}

/// Conditions of which at least one must hold for the formula to be true; none where any claim
/// may fulfil it. `common` are procedure attributes that too many claims have to be useful.
pub(crate) fn needed(expression: &Expression, common: &Mask) -> Option<Vec<Clause>> {
    match expression {
        Expression::Has(carrier, mask) => {
            Some(vec![Clause { carrier: *carrier, attributes: *mask }])
        }
        Expression::Word(Word::Never) => Some(Vec::new()),
        Expression::Word(_) | Expression::Not(_) => None,
        Expression::Some(parts) => {
            let mut clauses = Vec::new();
            for part in parts {
                clauses.extend(needed(part, common)?);
            }
            Some(clauses)
        }
        Expression::All(parts) => {
            (parts.iter()).filter_map(|part| needed(part, common)).min_by_key(|clauses| {
                clauses.iter().map(|clause| frequency(clause, common)).sum::<u32>()
            })
        }
    }
}

/// A rough measure of how many claims fulfil a clause.
fn frequency(clause: &Clause, common: &Mask) -> u32 {
    let attributes = clause.attributes.common(&Mask::FULL);
    match clause.carrier {
        Carrier::Procedure if clause.attributes.meets(common) => 10_000,
        Carrier::Procedure => attributes,
        Carrier::Principal | Carrier::EveryDiagnosis => 10 * attributes,
        Carrier::Secondary | Carrier::AnyDiagnosis => 100 * attributes,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(formula: &str, expected: Expect) {
        let diagnosis = ["ami".to_owned(), "dxc0505".to_owned(), "chfami".to_owned()];
        let procedure = ["d468".to_owned(), "ptca".to_owned()];
        let names = Names { diagnosis: &diagnosis, procedure: &procedure };
        let text = match compile(formula, names) {
            Ok(expression) => show(&expression),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&text);
    }

    fn show(expression: &Expression) -> String {
        let list = |parts: &[Expression], with: &str| {
            format!("({})", parts.iter().map(show).collect::<Vec<_>>().join(with))
        };
        match expression {
            Expression::Has(carrier, mask) => {
                format!("{carrier:?}{:?}", mask.bits().collect::<Vec<_>>())
            }
            Expression::Word(word) => format!("{word:?}"),
            Expression::All(parts) => list(parts, " and "),
            Expression::Some(parts) => list(parts, " or "),
            Expression::Not(inner) => format!("not {}", show(inner)),
        }
    }

    #[test]
    fn formulas_are_compiled_as_the_language_binds() {
        check("(MCC & PDX:dxc0505)", expect!["(Mcc and Principal[1])"]);
        check("d468 | ptca & ~CC", expect!["(Procedure[0] or (Procedure[1] and not Cc))"]);
        check("d468 | ptca", expect!["Procedure[0, 1]"]);
        check("~(ANY:ami|SDX:chfami)", expect!["not (AnyDiagnosis[0] or Secondary[2])"]);
        check("ONLY:ami | ONLY:chfami", expect!["(EveryDiagnosis[0] or EveryDiagnosis[2])"]);
        check("unknown & ALIVE", expect!["(Never and Alive)"]);
        check("(d468", expect!["MS-DRG formula can't be read: (d468"]);
        check("d468 &", expect!["MS-DRG formula can't be read: d468 &"]);
        check("XDX:ami", expect!["MS-DRG formula can't be read: XDX:ami"]);
        check("", expect!["MS-DRG formula can't be read: "]);
        check("d468 ptca", expect!["MS-DRG formula can't be read: d468 ptca"]);
    }
}
