//! Given names that people use for one another: a table of our own.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Each line is a group: the formal name first, then its short and familiar forms. A name may
/// stand in several groups.
const GROUPS: &str = "\
abigail abby abbie gail
abraham abe
albert al bert bertie
alexander alex alec sandy xander sasha
alexandra alex alexa sandra sandy sasha lexi
alfred al alf fred freddie
alice allie
allison alison allie ali
amanda mandy
amelia amy millie
andrew andy drew
angela angie
ann anne anna annie nan nancy hannah
anthony tony
antonio tony
antoinette toni nettie
arthur art artie
augustus gus august
barbara barb barbie babs bobbie
beatrice bea trixie
benjamin ben benny benji
bernard bernie
bethany beth
bradley brad
bridget biddy
caleb cal
calvin cal
cameron cam
candace candy
carl karl
caroline carrie carol lynn
carolyn carrie lynn
catherine cathy kate katie kathy kitty cate katherine kathryn katharine catharine kathleen
cecilia cissy celia
charles charlie chuck chas chip
charlotte lottie charlie
christian chris
christina chris christy tina chrissy
christine chris christy tina chrissy
christopher chris kit topher
clara claire
clifford cliff
clinton clint
constance connie
cornelius neil
curtis curt
cynthia cindy
daniel dan danny
danielle dani
david dave davy
deborah deb debbie debra
dennis denny
dolores lola
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug
edgar ed
edmund ed eddie ned
edward ed eddie ned ted teddy
eileen helen
eleanor ellie nell nora ella
elijah eli
elizabeth liz beth betty lizzie eliza elsie betsy libby bess bessie lisa elisabeth liza
emily em emmie millie
emma em
erica rikki
ernest ernie
esther essie
eugene gene
evelyn eve evie
florence flo flossie
frances fran fannie frankie francie
francis frank fran
francisco frank paco pancho
franklin frank
frederick fred freddie rick fritz
gabriel gabe
gabrielle gabby
geoffrey geoff jeff
george georgie jorge
gerald gerry jerry
geraldine gerry
gertrude gert trudy
gilbert gil bert
gregory greg
gwendolyn gwen
harold hal harry
harriet hattie
helen nell nellie
henry hank harry hal
herbert herb bert
howard howie
hubert hugh bert
isabella bella isabel izzy
isaac ike
jacob jake jack
jacqueline jackie
james jim jimmy jamie jem
janet jan
janice jan
jason jay
jean jeanne jeannie
jeffrey jeff
jennifer jen jenny jenna
jeremy jerry
jeremiah jerry
jerome jerry
jessica jess jessie
jill gillian
joan joanie
joanna jo joanne
john johnny jack jon ian
jonathan jon john johnny nathan
jose pepe joe
joseph joe joey
josephine jo josie
joshua josh
joyce joy
judith judy
julia julie
julian jules
kenneth ken kenny
kimberly kim
kristen kris kristin
kristina kris tina
laura laurie lori
lawrence larry laurence lars
leonard leo len lenny
leroy lee roy
leslie les
lewis lou louis louie
lillian lily lil
linda lindy lynn
louise lou
lucille lucy
luis lou
madeline maddie madeleine
margaret maggie meg peggy marge margie greta rita daisy peg madge
maria mary marie
martha marty patty
martin marty
mary molly polly mae marie maria mamie
matilda tilly mattie
matthew matt matty
maximilian max
maxwell max
megan meg
melissa missy mel lisa
melvin mel
michael mike mick mickey mikey
michelle shelly
mildred millie
miranda mandy
miriam mimi
mitchell mitch
mohammed mohammad muhammad mohamed mo
montgomery monty
nancy nan
natalie nat
natasha tasha
nathan nate nat
nathaniel nate nat nathan
nicholas nick nicky nicolas
nicole nikki nicky
norbert bert
norman norm
oliver ollie
olivia liv livvy
oscar ossie
pamela pam
patricia pat patty tricia trish patsy
patrick pat paddy rick
paul paulie pablo
paula pauline polly
penelope penny
peter pete pedro
philip phil phillip
phyllis phyl
priscilla cilla
rachel rae
ralph ralphie
randall randy
raymond ray
rebecca becky becca
reginald reg reggie
richard dick rick ricky rich richie
robert bob bobby rob robbie bert
roberta bobbie
roderick rod
rodney rod
roger rodge
roland rollie
ronald ron ronnie
rosemary rose rosie
roxanne roxie
rudolph rudy
russell russ
ruth ruthie
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara
sebastian seb
sharon shari
sheila shelly
shirley lee
sidney sid
solomon sol
sophia sophie sofia
stanley stan
stella estelle
stephanie steph stevie
stephen steve stevie steven stefan
stuart stu
susan sue susie suzie suzanne susanna
sylvester sly
sylvia syl
tabitha tabby
terence terry
teresa terry tess theresa tessa
thaddeus tad ted
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
vanessa nessa
veronica ronnie vera
victor vic
victoria vicky tori
vincent vince vinny
violet vi
virginia ginny ginger
vivian viv
wallace wally
walter walt wally
wendell dell
wilbur will
wilhelmina mina minnie
william will bill billy willie liam
winifred winnie
yvonne vonnie
zachary zach zack
";

static BY_NAME: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for group in GROUPS.lines() {
        let formal = group.split(' ').next().unwrap_or(group);
        for name in group.split(' ') {
            by_name.entry(name).or_default().push(formal);
        }
    }
    by_name
});

/// The formal names that a normalised given name may stand for: `bob` gives `robert`. A name of
/// no group gives nothing.
pub fn formal_names(given: &str) -> &'static [&'static str] {
    BY_NAME.get(given).map(Vec::as_slice).unwrap_or(&[])
}

/// Whether two normalised given names are forms of one name.
pub fn are_forms_of_one_name(a: &str, b: &str) -> bool {
    formal_names(a).iter().any(|formal| formal_names(b).contains(formal))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_name() {
        let table = [
            ("bob", "robert", true),
            ("bill", "will", true),
            ("peggy", "margaret", true),
            ("liz", "betty", true),
            ("jack", "john", true),
            ("robert", "richard", false),
            ("john", "james", false),
            ("zorg", "zorg", false),
        ];
        for (a, b, expected) in table {
            assert_eq!(are_forms_of_one_name(a, b), expected, "{a} {b}");
            assert_eq!(are_forms_of_one_name(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn every_group_is_normalised_and_has_a_form() {
        for group in GROUPS.lines() {
            assert!(group.split(' ').count() >= 2, "{group}");
            assert!(group.bytes().all(|b| b.is_ascii_lowercase() || b == b' '), "{group}");
        }
    }
}
