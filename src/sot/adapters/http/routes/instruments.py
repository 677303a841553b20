"""Instruments: registering versions, and listing them."""

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.schemas.builders import body_schema
from sot.application.views.records import instrument_view
from sot.domain.values.errors import Conflict, NotFound
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import AccessScope, Outcome


def _register_instrument(context: RequestContext) -> Response:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    values["venue"] = context.venue_name if values.get("venue") is None else values["venue"]
    check_json_types(Instrument, values)
    instrument = Instrument.read(values)
    outcome = context.history.register(instrument)
    holding = context.history.instruments(instrument.account_id, instrument.venue, instrument.symbol)
    return Response(body=instrument_view(instrument, holding), status=201, replayed=outcome is Outcome.REPEATED)


def _list_versions(context: RequestContext) -> Response:
    name = context.account_id, context.query["venue"], context.query["symbol"]
    holding = context.queries.instruments(*name)
    data = [instrument_view(version.instrument, holding) for version in context.queries.recorded_instruments(*name)]
    return Response(body={"data": data, **context.as_of_fields})


ROUTES = (
    Route(
        name="registerInstrument",
        method="POST",
        path="/sot/instruments",
        summary="Register an instrument, or a version of it",
        description=(
            "Requests need a registered instrument. `venue` is the server's by default. A version that was registered "
            "in error is corrected by one that names its `valid_from` in `corrects`."
        ),
        tag="Instruments",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.ADMIN,
        handler=_register_instrument,
        body=body_schema(Instrument, optional=("account_id", "venue")),
        example={"symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"},
        responses={201: ResponseSpec(description="The instrument.", schema="Instrument")},
        problems=(Conflict, NotFound),
        idempotency=IdempotencyUse.OPTIONAL,
    ),
    Route(
        name="getInstrument",
        method="GET",
        path="/sot/instruments",
        summary="List the versions of an instrument",
        description=(
            "`as_of` leaves out versions that were registered later. `happened_by` has no effect: each version has its "
            "`valid_from`."
        ),
        tag="Instruments",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_versions,
        query=(
            parameters.ACCOUNT,
            attrs.evolve(parameters.VENUE, required=True),
            attrs.evolve(parameters.SYMBOL, required=True),
            *parameters.PAST,
        ),
        responses={
            200: ResponseSpec(
                description="All versions, oldest first; none of an unknown symbol.", schema="Instruments"
            )
        },
    ),
)
