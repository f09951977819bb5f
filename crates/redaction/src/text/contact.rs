//! Telephone, fax, e-mail, web and IP addresses: (D), (E), (F), (N), (O).

use super::{Class, Hit, add_all, pattern};

pattern!(EMAIL, r"(?i)\b[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b");
pattern!(URL, r#"(?i)\b(?:(?:https?|ftp)://[^\s<>"')\]]+|www\.[a-z0-9-]+\.[^\s<>"')\]]+)"#);
pattern!(
    HOST,
    concat!(
        r"(?i)\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|mil|info|biz|",
        r"io|co|us|health)\b(?:/[^\s<>]*)?",
    )
);
pattern!(IP4, r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b");
pattern!(
    IP6,
    r"(?i)\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b|\b(?:[0-9a-f]{1,4}:){2,6}:[0-9a-f]{1,4}\b"
);
pattern!(MAC, r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b");
pattern!(
    FAX,
    concat!(
        r"(?i)\b(?:fax|facsimile|telefax)(?:\s*(?:no\.?|number|#))?\s*(?:is|",
        r":)?\s*(?P<id>\+?[\d(][\d ().-]{7,18}\d)",
    )
);
pattern!(
    PHONE_NAMED,
    concat!(
        r"(?i)\b(?:phone|telephone|tel|cell|mobile|call(?:ed)?|pager|contact|ph|",
        r"reach(?:ed)?(?: (?:him|her|them))? at|text(?:ed)?|voicemail)\b\.?(?:\s*(?:no\.?|",
        r"number|#))?\s*(?:is|at|:)?\s*(?P<id>\+?[\d(][\d ().-]{5,18}\d(?:\s*(?:x|",
        r"ext\.?)\s*\d{1,6})?)",
    )
);
pattern!(
    PHONE,
    concat!(
        r"(?i)(?P<id>(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)[ -]?|",
        r"\b[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}(?:\s*(?:x|ext\.?)\s*\d{1,6})?\b)",
    )
);
pattern!(PHONE_GROUPS, r"(?P<id>(?:\(0\d{1,4}\)|\b0\d{1,4})[ .-]?\d{2,4}(?:[ .-]\d{2,4}){1,3})\b");
pattern!(PHONE_LOCAL, r"\b555-?\d{4}\b");
pattern!(PHONE_DOTTED, r"\b0\d(?:\.\d{2}){4}\b");
pattern!(PHONE_BRACKETS, r"\(\d{2,4}\)[ ]\d{3,4}[ -]\d{3,4}\b");
pattern!(PHONE_BLOCKS, r"\b(?P<id>[1-9]\d{2} \d{3} \d{3}|0\d{3}-\d{7})\b");
pattern!(PHONE_WORLD, r"(?P<id>\+\d{1,3}[ .-]?(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4})\b");

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    add_all(hits, text, &EMAIL, Class::Email, 90, "form of an e-mail address");
    add_all(hits, text, &URL, Class::Url, 85, "form of a web address");
    add_all(hits, text, &HOST, Class::Url, 60, "form of a host name");
    add_all(hits, text, &IP4, Class::Ip, 80, "form of an IP address");
    add_all(hits, text, &IP6, Class::Ip, 80, "form of an IP address");
    add_all(hits, text, &MAC, Class::Device, 80, "form of a network device's address");
    add_all(hits, text, &FAX, Class::Fax, 82, "number after the word fax");
    add_all(hits, text, &PHONE_NAMED, Class::Telephone, 78, "number after the word telephone");
    add_all(hits, text, &PHONE, Class::Telephone, 75, "form of a telephone number");
    add_all(hits, text, &PHONE_WORLD, Class::Telephone, 74, "form of a telephone number");
    add_all(hits, text, &PHONE_GROUPS, Class::Telephone, 46, "form of a telephone number");
    add_all(hits, text, &PHONE_DOTTED, Class::Telephone, 81, "form of a telephone number");
    add_all(hits, text, &PHONE_BRACKETS, Class::Telephone, 47, "form of a telephone number");
    add_all(hits, text, &PHONE_BLOCKS, Class::Telephone, 30, "form of a telephone number");
    add_all(hits, text, &PHONE_LOCAL, Class::Telephone, 60, "form of a telephone number");
}
