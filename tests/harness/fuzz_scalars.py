"""Values of the schema's own scalars for schemathesis: good ones, odd ones and nonsense."""

import schemathesis
from graphql.language import parse_value
from hypothesis import strategies as st
from schemathesis.graphql import nodes

DATES = [
    "2026-01-06", "2025-11", "2025-22", "2026-01~", "2022-11-24?", "[2026-01-03,2026-01-04]", "[..2026-02-24]",
    "{2026-01-03,2026-01-04}", "2025-11/2026-01", "2022/..", "2026-XX", "today", "yesterday", "", "2026-02-30",
    "2026-13", "-0001", "9999-12-31", "2026-01-06T10:00:00Z", "[[[", "../..",
]
OBJECTS = [
    '{edtf: "2026-10", qualifier: "MID", phrase: "mid-October"}',
    '{edtf: "2025-05-08", window: {from: "18:00", until: "24:00", zone: "Europe/Kyiv"}}',
    '{edtf: "today", window: {from: "25:00", until: "", zone: "Moon/Sea"}}',
    '{phrase: "nearly four years ago"}', '{edtf: "2022-12-05", openTail: true}', "{}", '{edtf: null}', '{mood: "good"}',
]

text = st.text(max_size=40).map(nodes.String)
schemathesis.graphql.scalar(
    "DateInput",
    st.one_of(st.sampled_from(DATES).map(nodes.String), st.sampled_from(OBJECTS).map(parse_value), text),
)
schemathesis.graphql.scalar(
    "CountryCode", st.one_of(st.sampled_from(["FR", "GR", "EL", "UK", "fr", "ZZ", ""]).map(nodes.String), text)
)
schemathesis.graphql.scalar(
    "LocalDate", st.one_of(st.sampled_from(["2026-01-06", "2026-02-30", "today", "0000-01-01", ""]).map(nodes.String), text)
)
