"""The proof of an erasure: complete only when everything was done, and void once it was touched."""

import json
from dataclasses import replace

import pytest

from baton.privacy.look import FileLook
from baton.privacy.proof import BadProof, check_proof, make_proof


def test_a_proof_that_was_touched_is_none():
    wish = {
        "erasure_id": "e_1", "asked_ms": 1, "done_ms": 2, "conversation_ids": ["c_1"],
        "removed": {"sql.events": 4}, "found": {"left": {}, "same_name": {}}, "unlearned_ms": 3,
        "unlearned": {"counts": {}, "models": []},
    }  # fmt: skip
    look = FileLook(files=3, bytes=9, left={}, not_read=())

    def made(wishes, look=look):
        return make_proof(
            customer_id="u_1", conversation_ids=["c_1"], erasures=wishes, look=look, key="k" * 16,
            now_ms=9,
        )  # fmt: skip

    text = json.dumps(made([wish]))
    assert check_proof(text, key="k" * 16)["complete"]
    assert not any(name in text for name in ("u_1", "c_1"))
    for was, becomes, key, why in (
        ('"complete": true', '"complete": false', "k" * 16, "was changed"),
        ("baton.erasure-proof/1", "x", "k" * 16, "is no proof"),
        ("{", "", "k" * 16, "is no JSON"),
        ("{", "{", "o" * 16, "another signing key"),
    ):
        with pytest.raises(BadProof, match=why):
            check_proof(text.replace(was, becomes, 1), key=key)
    for more in (
        {"done_ms": None}, {"found": {"left": {"events": 1}}}, {"found": {}}, {"unlearned": {}},
    ):  # fmt: skip
        assert not made([wish | more])["complete"]
    left = wish | {"found": {"left": {"events": 1}}}
    assert made([wish, left])["complete"], "the later wish, the first here, looked for both"
    assert not made([left, wish])["complete"]
    assert not made([])["complete"]
    assert not made([wish], replace(look, left={"DATA/logs/x.log": 1}))["complete"]
