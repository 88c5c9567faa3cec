"""How people sign in to the console, as the environment says it."""

# ruff: noqa: RUF009 - setting only wraps dataclasses.field

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff_service.archive.accounts import SLUG, Role
from handoff_service.settings_field import count, setting
from handoff_service.settings_forms import read_secret, read_switch, read_text, read_url

#: The names of the roles, for forms.
ROLES = ", ".join(role.value for role in Role)


def read_roles(raw: str) -> frozenset[Role]:
    """Return the roles in a list of them."""
    return frozenset(Role(item) for item in raw.replace(",", " ").split())


def read_role_map(raw: str) -> Mapping[str, Role]:
    """Return which group gives which role."""
    return {group: Role(role) for group, role in _pairs(raw)}


def read_team_map(raw: str) -> Mapping[str, str]:
    """Return which group is which team."""
    found = dict(_pairs(raw))
    if not all(SLUG.fullmatch(team) for team in found.values()):
        raise ValueError
    return found


def read_domains(raw: str) -> tuple[str, ...]:
    """Return the domains of e-mail addresses in a list of them."""
    found = tuple(item.lower() for item in raw.replace(",", " ").split())
    if not found or any("@" in domain or "." not in domain for domain in found):
        raise ValueError
    return found


def _pairs(raw: str) -> list[tuple[str, str]]:
    pairs = [item.rpartition("=") for item in raw.split()]
    if not pairs or not all(left and right for left, _, right in pairs):
        raise ValueError
    return [(left, right) for left, _, right in pairs]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInSettings:
    """The part of the settings about signing in to the console."""

    password_sign_in: bool = setting(
        read_switch,
        "on or off",
        "Whether people may sign in with a password; off only with BATON_OIDC_ISSUER.",
        default=True,
        shown="on",
    )
    password_min_chars: int = count(12, 8, 64, "Shortest password that a person may choose.")
    breached_passwords_file: Path | None = setting(
        Path,
        "a file",
        "Passwords nobody may choose, beside the common ones that Baton knows: one a line, or the "
        "SHA-1 file of Pwned Passwords, ordered by hash.",
        default=None,
        shown="(none)",
    )
    second_factor_roles: frozenset[Role] = setting(
        read_roles,
        f"roles, separated by spaces: {ROLES}",
        "Who must sign in with a second factor; the others may.",
        default=frozenset(),
        shown="(none)",
    )
    oidc_issuer: str | None = setting(
        read_url,
        "an http(s) URL",
        "An OpenID Connect provider by which people may sign in to the console.",
        default=None,
        shown="(none)",
    )
    oidc_client_id: str | None = setting(
        read_text, "a text", "By which id the provider knows Baton.", default=None, shown="(none)"
    )
    oidc_client_secret: str | None = setting(
        read_secret,
        "16 characters or more",
        "The secret that goes with it; none for a public client.",
        default=None,
        shown="(none)",
    )
    oidc_label: str = setting(
        read_text,
        "a text",
        "What the button of the sign-in page calls the provider.",
        default="SSO",
    )
    oidc_domains: tuple[str, ...] = setting(
        read_domains,
        "domains, separated by spaces",
        "Only people with a verified e-mail address of these domains may sign in so.",
        default=(),
        shown="(any that the provider lets in)",
    )
    oidc_join: bool = setting(
        read_switch,
        "on or off",
        "Whether somebody who signs in so for the first time gets an account.",
        default=False,
        shown="off",
    )
    oidc_link: bool = setting(
        read_switch,
        "on or off",
        "Whether somebody who signs in so for the first time gets the account whose login or "
        "e-mail address is their verified address.",
        default=False,
        shown="off",
    )
    oidc_groups_claim: str = setting(
        read_text, "a text", "Claim of the provider that names a person's groups.", default="groups"
    )
    oidc_roles: Mapping[str, Role] | None = setting(
        read_role_map,
        "GROUP=ROLE, separated by spaces",
        "Which group gives which role, at each sign-in; the strongest counts.",
        default=None,
        shown="(none: roles are given in the console)",
    )
    oidc_teams: Mapping[str, str] | None = setting(
        read_team_map,
        "GROUP=TEAM, separated by spaces",
        "Which group is which team, at each sign-in.",
        default=None,
        shown="(none: teams are given in the console)",
    )


def sign_in_problems(values: Mapping[str, Any], *, prefix: str) -> list[str]:
    """Return what does not fit together."""
    problems = []
    if "oidc_issuer" in values and "oidc_client_id" not in values:
        problems.append(f"{prefix}OIDC_CLIENT_ID: missing; {prefix}OIDC_ISSUER needs it")
    if values.get("password_sign_in") is False and "oidc_issuer" not in values:
        problems.append(
            f"{prefix}PASSWORD_SIGN_IN: off, but without {prefix}OIDC_ISSUER nobody could sign in"
        )
    return problems
