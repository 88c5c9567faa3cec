"""Describes the HTTP API as OpenAPI 3.1, written from the table of operations."""

import re
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from handoff_service.access import COOKIE, CSRF_HEADER, Access
from handoff_service.api.bodies import answer
from handoff_service.api.operation import JSON, Operation
from handoff_service.api.routes import OPERATIONS
from handoff_service.api.schemas import ErrorAnswer
from handoff_service.version import VERSION

PATH = "/api/openapi.json"
REF = "#/components/schemas/{model}"

Json = dict[str, Any]

#: What each access asks for, and the statuses with which it refuses.
SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.MEMBER: [{"customer": []}, {"session": []}],
    Access.SIGNED_IN: [{"session": []}],
    Access.SIGNED_IN_CSRF: [{"session": [], "csrf": []}],
    Access.CUSTOMER: [{"customer": []}],
    Access.OPERATOR: [{"operator": []}],
}
REFUSED_WITH: dict[Access, tuple[int, ...]] = {
    Access.PUBLIC: (),
    Access.MEMBER: (401, 403, 503),
    Access.SIGNED_IN: (401,),
    Access.SIGNED_IN_CSRF: (401, 403),
    Access.CUSTOMER: (401, 403, 503),
    Access.OPERATOR: (404,),
}


async def show_openapi(_request: web.Request) -> web.Response:
    """GET /api/openapi.json."""
    return answer(openapi())


@cache
def openapi() -> Json:
    """Write the document."""
    schemas = _Schemas()
    paths: dict[str, Json] = {PATH: {"get": _own_description()}}
    for operation in OPERATIONS:
        described = _describe(operation, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Baton",
            "version": VERSION,
            "description": "Sockets are described in docs/protocol.md.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.defined,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": CSRF_HEADER},
                "operator": {"type": "http", "scheme": "bearer"},
                "customer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


class _Schemas:
    """The schemas that the document refers to, by name."""

    def __init__(self) -> None:
        self.defined: Json = {}

    def refer(self, shape: type) -> Json:
        schema = TypeAdapter(shape).json_schema(
            ref_template=REF, schema_generator=GenerateJsonSchema
        )
        for name, defined in {**schema.pop("$defs", {}), shape.__name__: schema}.items():
            if self.defined.setdefault(name, defined) != defined:
                raise TypeError(f"two shapes of the API are called {name}")
        return {"$ref": REF.format(model=shape.__name__)}


def _describe(operation: Operation, schemas: _Schemas) -> Json:
    described: Json = {
        "operationId": _operation_id(operation),
        "summary": operation.summary,
        "security": SECURITY[operation.access],
        "responses": _responses(operation, schemas),
    }
    parameters = _path_parameters(operation.path) + _query_parameters(operation.query)
    if parameters:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {operation.takes: {"schema": schemas.refer(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _responses(operation: Operation, schemas: _Schemas) -> Json:
    schema: Json = {"type": "object"} if operation.media == JSON else {"type": "string"}
    if operation.returns is not None:
        schema = schemas.refer(operation.returns)
    content = {operation.media: {"schema": schema}}
    for kind in operation.other_media:
        content[kind] = {"schema": {} if kind == JSON else schema}
    done = {"description": "Done."} | ({"content": content} if operation.status != 204 else {})
    responses: Json = {str(operation.status): done}
    if operation.path == "/readyz":
        responses["503"] = {"description": "Something is missing.", "content": content}
    refused = {JSON: {"schema": schemas.refer(ErrorAnswer)}}
    by_role = (403,) if operation.roles is not None else ()
    by_name = (404,) if "{" in operation.path else ()
    by_size = (413,) if operation.body is not None else ()
    implied = (*REFUSED_WITH[operation.access], *by_role, *by_name, *by_size, 500)
    refusals = {*operation.refusals, *implied}
    for status in sorted(refusals):
        responses.setdefault(str(status), {"description": "Refused.", "content": refused})
    return responses


def _path_parameters(path: str) -> list[Json]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(query: type | None) -> list[Json]:
    if query is None:
        return []
    schema = TypeAdapter(query).json_schema()
    defined = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "schema": _inlined(part, defined)}
        for name, part in schema["properties"].items()
    ]


def _inlined(part: Json, defined: Json) -> Json:
    """Put a referenced enum in its place: parameters are read by eye."""
    if "$ref" in part:
        inlined: Json = defined[part["$ref"].rsplit("/", 1)[-1]]
        return inlined
    return {
        key: [_inlined(choice, defined) for choice in value] if key == "anyOf" else value
        for key, value in part.items()
    }


def _own_description() -> Json:
    return {
        "operationId": "show_openapi",
        "summary": "This document.",
        "security": [],
        "responses": {
            "200": {"description": "Done.", "content": {JSON: {"schema": {"type": "object"}}}}
        },
    }


def _operation_id(operation: Operation) -> str:
    """Name an operation by its handler; what is the operator's own way to it says so."""
    name = operation.handler.__name__
    shared = sum(other.handler is operation.handler for other in OPERATIONS) > 1
    return f"{name}_as_operator" if shared and operation.access is Access.OPERATOR else name
