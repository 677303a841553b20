"""Values in pydantic's models and FastAPI's routes: `sot` depends on neither."""

import json
import subprocess
import sys
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, TypeAdapter, ValidationError

from sot import OrderRequest
from sot.queries import Fill, Order, Page, PageKey
from tests.support.public_values import PUBLIC_VALUES, lived_values

LIVED = lived_values()


class Report(BaseModel):
    """A model of an application."""

    order: Order
    fills: list[Fill]
    wanted: OrderRequest | None = None


@pytest.mark.parametrize("name", LIVED)
def test_a_type_adapter_reads_and_writes_the_json_form(name):
    adapter: TypeAdapter[Any] = TypeAdapter(PUBLIC_VALUES[name])
    value = LIVED[name][0]
    assert adapter.validate_python(value) is value
    assert json.loads(adapter.dump_json(value)) == json.loads(json.dumps(value.to_dict()))
    assert adapter.validate_json(adapter.dump_json(value)) == value


@pytest.mark.parametrize("name", PUBLIC_VALUES)
def test_pydantic_has_the_json_schemas(name):
    adapter: TypeAdapter[Any] = TypeAdapter(PUBLIC_VALUES[name])
    assert set(adapter.json_schema(mode="serialization")["properties"]) == set(
        PUBLIC_VALUES[name].json_schema()["properties"]
    )
    assert adapter.json_schema(mode="validation")["additionalProperties"] is False


def test_a_model_of_the_application_holds_values():
    report = Report(order=LIVED["Order"][0], fills=LIVED["Fill"])
    assert Report.model_validate_json(report.model_dump_json()) == report
    with pytest.raises(ValidationError, match="no_such_field"):
        Report.model_validate({"order": {**LIVED["Order"][0].to_dict(), "no_such_field": 1}, "fills": []})


def test_a_page_is_read_with_its_items():
    adapter = TypeAdapter(Page[Order, PageKey])
    page = Page(LIVED["Order"], None)
    assert json.loads(adapter.dump_json(page)) == json.loads(json.dumps(page.to_dict()))
    assert adapter.validate_json(adapter.dump_json(page)) == page


def application() -> FastAPI:
    app = FastAPI()

    @app.get("/order")
    def read_order() -> Order:
        return LIVED["Order"][0]

    @app.get("/orders")
    def read_orders() -> list[Order]:
        return LIVED["Order"]

    @app.post("/requests")
    def submit(request: Annotated[OrderRequest, Body()]) -> OrderRequest:
        return request

    return app


def test_a_route_returns_an_order_with_its_status_and_exact_amounts():
    client = TestClient(application())
    document = client.get("/order").json()
    assert document == json.loads(json.dumps(LIVED["Order"][0].to_dict()))
    assert document["status"] == LIVED["Order"][0].status
    assert [Order.from_dict(each) for each in client.get("/orders").json()] == LIVED["Order"]


def test_a_route_reads_a_request_and_refuses_a_float():
    client = TestClient(application())
    document = LIVED["OrderRequest"][0].to_dict()
    assert OrderRequest.from_dict(client.post("/requests", json=document).json()) == LIVED["OrderRequest"][0]
    refused = client.post("/requests", json={**document, "quantity": 0.5})
    assert refused.status_code == 422
    assert "never a float" in refused.text


def test_the_openapi_document_names_the_fields():
    schemas = TestClient(application()).get("/openapi.json").json()["components"]["schemas"]
    assert "avg_price" in schemas["Order"]["properties"]


def test_values_do_without_pydantic():
    code = "import sys, sot; sot.Fee('1', 'USD').to_dict(); assert not {'pydantic', 'pydantic_core'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
