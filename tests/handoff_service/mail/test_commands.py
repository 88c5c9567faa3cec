"""`baton mail` against a running service."""

import asyncio
import json
import sys

from tests.handoff_service.mail.test_answers import left_message, says, taken_up


async def baton(service, folder, *words):
    """Run a command as an operator does; return (status, stdout, stderr)."""
    folder.mkdir(exist_ok=True)
    (folder / "secrets.json").write_text(
        json.dumps({"internal_secret": service.settings.internal_secret})
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", *words, "--url", service.url, "--data", str(folder),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_an_operator_sees_e_mails(mailing, mailbox, tmp_path):
    page = await left_message(mailing)
    agent, summary = await taken_up(mailing, page.id)
    await says(agent, page.id, summary["epoch"], "Secret answer.", 1)
    await mailbox.next()
    folder = tmp_path / "operator"

    status, out, err = await baton(mailing, folder, "mail", "show", "--json")
    assert status == 0, err
    assert [mail["recipient"] for mail in json.loads(out)] == ["me@example.org"]
    assert "Secret" not in out
    status, out, err = await baton(mailing, folder, "mail", "retry")
    assert (status, out) == (0, "0 e-mails are tried again\n"), err
