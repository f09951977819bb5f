//! The form that enters a rule: its content, its days, where it stands, and why.

use super::{NEW, address, is_open_ended};
use crate::server::{Clerk, Posted};
use crate::ui::{Button, Choice, Field, FieldError, Form, actions};
use app::rules::{Given, Input, OpenedRule, Preview, Question, RuleDraft, blank, named_kinds};
use maud::{Markup, html};
use record::effective::Effect;
use store::rule::RuleKind;

/// What the page of a rule shows.
pub(super) struct State {
    pub kind: RuleKind,
    /// The rule's name, or the word for one that has none yet.
    pub key: String,
    /// The rule, where there is one.
    pub rule: Option<OpenedRule>,
    /// What was typed.
    pub given: Option<Given>,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// What it would change.
    pub preview: Option<Preview>,
}

impl State {
    /// The page of a new rule.
    pub fn blank(kind: RuleKind) -> State {
        let key = NEW.to_owned();
        State { kind, key, rule: None, given: None, errors: Vec::new(), preview: None }
    }

    /// The questions with what stands now, or what was in force last.
    fn questions(&self) -> Vec<Question> {
        let now = self.rule.as_ref().and_then(|rule| {
            let last = || rule.versions.last().or(rule.shipped.last());
            rule.on(rule.today).or_else(last)
        });
        now.map_or_else(|| blank(self.kind), |shown| shown.questions.clone())
    }

    fn text(&self, name: &str) -> &str {
        let typed = self.given.as_ref().and_then(|given| given.get(name));
        typed.and_then(|values| values.first()).map_or("", String::as_str)
    }

    fn jurisdiction(&self) -> &str {
        let held = self.rule.as_ref().and_then(|rule| rule.versions.last());
        match self.given {
            Some(_) => self.text("jurisdiction"),
            None => held.map_or("US", |shown| &shown.head.jurisdiction),
        }
    }
}

/// Everything that was typed, by name.
pub(super) fn typed(posted: &Posted) -> Given {
    let names = posted.fields();
    let values = |name: &String| posted.all(name).into_iter().map(str::to_owned).collect();
    names.keys().map(|name| (name.clone(), values(name))).collect()
}

/// The row that the form asks for.
pub(super) fn draft(kind: RuleKind, key: &str, posted: &Posted) -> RuleDraft {
    let text = |name: &str| posted.text(name).to_owned();
    let name = match key == NEW && is_open_ended(kind) {
        true => text("name"),
        false => key.to_owned(),
    };
    let jurisdiction = posted.given("jurisdiction").unwrap_or("US").to_owned();
    RuleDraft {
        kind,
        name,
        jurisdiction,
        citation: text("citation"),
        from: text("from"),
        until: text("until"),
        effect: Effect::parse(posted.text("effect")).unwrap_or(Effect::Set),
        reason: text("reason"),
        given: typed(posted),
    }
}

/// The form.
pub(super) fn entering(clerk: &Clerk, state: &State) -> Form {
    let errors = &state.errors;
    let has_preview = state.preview.is_some();
    let look = Button::submit("Look at the change").named("do", "look");
    let enter = Button::submit("Enter this rule").named("do", "enter");
    let buttons = match has_preview {
        true => [enter.main().key("Ctrl+Enter"), look.plain().key("Shift+L")],
        false => [look.main().key("Ctrl+Enter"), enter.plain().key("Shift+E")],
    };
    Form::post(address(state.kind, &state.key)).csrf(clerk.csrf()).label("Enter a rule").content(
        html! {
            @if state.rule.is_none() {
                (Field::text("name", "Name").value(state.text("name")).errors(errors).required()
                    .hint("Small letters, digits and hyphens, as us-ca-access. It never changes."))
            }
            div class="fields-two" {
                (Field::date("from", "First day").value(state.text("from")).errors(errors)
                    .required())
                (Field::date("until", "Last day").value(state.text("until")).errors(errors)
                    .optional())
            }
            @if state.rule.is_some() { (effects(state)) }
            @if state.kind == RuleKind::Queue {
                div class="fields-few" {
                    @for question in state.questions() { (asked(state, &question)) }
                }
            } @else {
                @for question in state.questions() { (asked(state, &question)) }
            }
            @if is_open_ended(state.kind) && state.kind != RuleKind::Completion {
                (Field::text("jurisdiction", "Where it holds").value(state.jurisdiction())
                    .errors(errors).width(8).hint("US, or a state as US-CA"))
            }
            (Field::text("citation", "Citation").value(state.text("citation")).errors(errors)
                .required().hint("The paragraph, or whose decision it is"))
            (Field::text("reason", "Reason").value(state.text("reason")).errors(errors).required()
                .hint("Why it is entered. It stays in the history."))
            (actions(buttons))
        },
    )
}

fn effects(state: &State) -> Field {
    let has_shipped = state.rule.as_ref().is_some_and(|rule| !rule.shipped.is_empty());
    let offered = Effect::ALL.into_iter().filter(|effect| match effect {
        Effect::Set => true,
        Effect::Off => is_open_ended(state.kind),
        Effect::Shipped => has_shipped,
    });
    let choices = offered.map(|effect| Choice::new(effect.as_str(), effect.label()));
    let chosen = Effect::parse(state.text("effect")).unwrap_or(Effect::Set);
    Field::radios("effect", "From that day", choices).value(chosen.as_str()).errors(&state.errors)
}

fn asked(state: &State, question: &Question) -> Markup {
    let (name, label) = (question.name.as_str(), question.label.as_str());
    let chosen = |choices: &[(String, String)]| -> Vec<Choice> {
        choices.iter().map(|(word, text)| Choice::new(word.as_str(), text.as_str())).collect()
    };
    let field = match &question.input {
        Input::Line | Input::DocumentKinds => Field::text(name, label),
        Input::Number => Field::number(name, label).width(8),
        Input::Lines => Field::area(name, label, 8),
        Input::One(choices) => {
            let none = question.values.is_empty().then(|| Choice::new("", "Choose one"));
            Field::select(name, label, none.into_iter().chain(chosen(choices)))
        }
        Input::Any(choices) => Field::checks(name, label, chosen(choices)),
    };
    let field = match question.hint.is_empty() {
        true => field,
        false => field.hint(question.hint.as_str()),
    };
    // Where the unit is chosen beside it, it isn't told twice.
    let field = match question.unit.is_empty() || name == "length" {
        true => field,
        false => field.unit(question.unit.as_str()),
    };
    let nothing = Vec::new();
    let values = match &state.given {
        Some(given) => given.get(name).unwrap_or(&nothing),
        None => &question.values,
    };
    let field = values.iter().fold(field, |field, value| field.value(value.as_str()));
    html! {
        (field.errors(&state.errors))
        @if question.input == Input::DocumentKinds {
            @for value in values.iter().filter(|value| !value.trim().is_empty()) {
                ul class="quiet" { @for kind in named_kinds(value).lines() { li { (kind) } } }
            }
        }
    }
}
