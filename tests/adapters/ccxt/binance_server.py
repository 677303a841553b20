"""A test server with the part of Binance's spot REST API that ccxt's real client needs, and with faults.

Its books outlive it: `stop` and `start` are a restart. It checks signatures and the time window of requests.
"""

import hashlib
import hmac
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

API_KEY, SECRET = "key-0123456789", "secret-9876543210"
SYMBOLS = {"BTCUSDT": ("BTC", "USDT"), "ETHUSDT": ("ETH", "USDT"), "BNBUSDT": ("BNB", "USDT")}
OPEN = ("NEW", "PARTIALLY_FILLED")


class Refusal(Exception):
    """An error of Binance."""

    def __init__(self, code: int, message: str, status: int = 400, **more: object) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "msg": message, **more}


class BinanceServer:
    """The exchange: its books, and faults.

    `add_fault(method, path, *faults)` sets the faults of the next requests of that kind:

    - "hang": it is processed, and there is no answer. "close": the same, and the connection is closed.
    - "503", "429", "418" and the like: that HTTP status; 5xx after it was processed, others instead.
    - "lost": it never arrives, and there is no answer.

    `delayed` has the ids of trades that are not listed yet; `doubled` lists every trade twice; `reversed` reverses each
    page; with `newest` a page has the newest trades, as at other exchanges.
    """

    def __init__(self) -> None:
        self.orders: list[dict] = []
        self.trades: list[dict] = []
        self.prices = {"BTCUSDT": Decimal(50000), "ETHUSDT": Decimal(3000), "BNBUSDT": Decimal(600)}
        self.balances = defaultdict(lambda: Decimal(1_000_000))
        self.requests: list[tuple[str, str, dict]] = []
        self.delayed: set[int] = set()
        self.doubled = self.reversed = self.newest = False
        self.part_at_once: Decimal | None = None  # how much of a crossing order is executed at once
        self.refuse_new_orders: Refusal | None = None
        self.time_offset = 0
        self.now: int | None = None  # milliseconds; None: the machine's clock
        self._faults: dict[tuple[str, str], deque[str]] = defaultdict(deque)
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    # ------------------------------------------------------------------------------------------ running, faults

    def start(self) -> None:
        exchange = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *arguments) -> None:
                pass

            def _any(self) -> None:
                exchange._handle(self)

            do_GET = do_POST = do_DELETE = do_PUT = _any

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request, client_address) -> None:
                pass  # the client closed the connection

        self._stopped.clear()
        self._server = Server(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def add_fault(self, method: str, path: str, *faults: str) -> None:
        self._faults[method, path].extend(faults)

    def calls(self, method: str, path: str) -> list[dict]:
        """The parameters of all requests of a kind, oldest first."""
        return [parameters for m, p, parameters in self.requests if (m, p) == (method, path)]

    # ------------------------------------------------------------------------------------------------- requests

    def _handle(self, http: BaseHTTPRequestHandler) -> None:
        address = urlsplit(http.path)
        path = address.path.removeprefix("/api/v3/")
        body = http.rfile.read(int(http.headers.get("Content-Length") or 0)).decode()
        parameters = dict(parse_qsl(address.query)) | dict(parse_qsl(body))
        key = (http.command, path)
        with self._lock:
            self.requests.append((*key, parameters))
            fault = self._faults[key].popleft() if self._faults[key] else None
        if fault == "lost":
            self._stopped.wait(30)
            return
        if fault is not None and fault[:1] == "4":
            self._send(http, int(fault), {"code": -1003, "msg": "Too much request weight used."})
            return
        status, answer = self._answer(key, parameters, address.query or body, http)
        if fault == "hang":
            self._stopped.wait(30)
        elif fault == "close":
            http.close_connection = True
        elif fault is not None:
            self._send(http, int(fault), "Service Unavailable")
        else:
            self._send(http, status, answer)

    def _answer(self, key, parameters: dict, signed: str, http) -> tuple[int, object]:
        try:
            with self._lock:
                call: Callable[[dict], object] = _CALLS[key]
                if key[1] not in ("exchangeInfo", "time", "ping"):
                    self._check(parameters, signed, http)
                return 200, call(self, parameters)
        except Refusal as refusal:
            return refusal.status, refusal.body
        except KeyError as error:
            return 404, {"code": -1102, "msg": f"no such thing: {error}"}

    def _check(self, parameters: dict, signed: str, http) -> None:
        text, _, signature = signed.rpartition("&signature=")
        expected = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
        if http.headers.get("X-MBX-APIKEY") != API_KEY or signature != expected:
            raise Refusal(-2014, "API-key format invalid.", 401)
        late = self._now() + self.time_offset - int(parameters["timestamp"])
        if self.now is None and not -1000 <= late <= int(parameters.get("recvWindow", 5000)):
            raise Refusal(-1021, "Timestamp for this request is outside of the recvWindow.")

    def _send(self, http, status: int, answer: object) -> None:
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        http.send_response(status)
        http.send_header("Content-Type", "text/html" if isinstance(answer, str) else "application/json")
        http.send_header("Content-Length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)

    def _now(self) -> int:
        return int(time.time() * 1000) if self.now is None else self.now

    # ------------------------------------------------------------------------------------------------ books

    def _exchange_info(self, parameters: dict) -> object:
        return {
            "timezone": "UTC",
            "serverTime": self._now(),
            "rateLimits": [],
            "symbols": [_market(symbol, base, quote) for symbol, (base, quote) in SYMBOLS.items()],
        }

    def _server_time(self, parameters: dict) -> object:
        return {"serverTime": self._now()}

    def _account(self, parameters: dict) -> object:
        totals = defaultdict(Decimal, USDT=self.balances["USDT"])
        for trade in self.trades:
            base, quote = SYMBOLS[trade["symbol"]]
            sign = 1 if trade["isBuyer"] else -1
            totals[base] += sign * Decimal(trade["qty"])
            totals[quote] -= sign * Decimal(trade["quoteQty"])
            totals[trade["commissionAsset"]] -= Decimal(trade["commission"])
        return {"balances": [{"asset": asset, "free": str(total), "locked": "0"} for asset, total in totals.items()]}

    def _place(self, parameters: dict) -> object:
        if self.refuse_new_orders is not None:
            raise self.refuse_new_orders
        symbol, name = parameters["symbol"], parameters["newClientOrderId"]
        if symbol not in SYMBOLS:
            raise Refusal(-1121, "Invalid symbol.")
        if any(order["clientOrderId"] == name and order["status"] in OPEN for order in self.orders):
            raise Refusal(-2010, "Duplicate order sent.")
        price = Decimal(parameters.get("price", "0"))
        quantity = Decimal(parameters["quantity"]) if "quantity" in parameters else None
        if quantity is None:
            step = Decimal("0.00001")
            quantity = Decimal(parameters["quoteOrderQty"]) // (self.prices[symbol] * step) * step
        if quantity * (price or self.prices[symbol]) > self.balances["USDT"]:
            raise Refusal(-2010, "Account has insufficient balance for requested action.")
        order = {
            "symbol": symbol,
            "orderId": len(self.orders) + 1001,
            "orderListId": -1,
            "clientOrderId": name,
            "price": f"{price:.8f}",
            "origQty": f"{quantity:.8f}",
            "executedQty": "0.00000000",
            "cummulativeQuoteQty": "0.00000000",
            "status": "NEW",
            "timeInForce": parameters.get("timeInForce", "GTC"),
            "type": parameters["type"],
            "side": parameters["side"],
            "stopPrice": f"{Decimal(parameters.get('stopPrice', '0')):.8f}",
            "icebergQty": "0.00000000",
            "time": self._now(),
            "updateTime": self._now(),
            "isWorking": True,
            "origQuoteOrderQty": f"{Decimal(parameters.get('quoteOrderQty', '0')):.8f}",
            "selfTradePreventionMode": "NONE",
        }
        self.orders.append(order)
        fills = self._match(order)
        at_once = parameters["type"] == "MARKET" or order["timeInForce"] in ("IOC", "FOK")
        if at_once and order["status"] in OPEN:
            order["status"] = "EXPIRED"
        answer = {key: value for key, value in order.items() if key not in ("time", "updateTime", "isWorking")}
        answer["transactTime"] = order["time"]
        if parameters.get("newOrderRespType") == "FULL":
            answer["fills"] = [
                {name: fill[name] for name in ("price", "qty", "commission", "commissionAsset")}
                | {"tradeId": fill["id"]}
                for fill in fills
            ]
        return answer

    def _match(self, order: dict) -> list[dict]:
        market, limit = self.prices[order["symbol"]], Decimal(order["price"])
        crosses = market <= limit if order["side"] == "BUY" else market >= limit
        if order["type"] != "MARKET" and not (order["type"] == "LIMIT" and crosses):
            return []
        quantity = Decimal(order["origQty"])
        part = quantity if self.part_at_once is None else min(quantity, self.part_at_once)
        return [self._execute(order, part, market, maker=False)] if part else []

    def _execute(self, order: dict, quantity: Decimal, price: Decimal, maker: bool, at: int | None = None) -> dict:
        done = Decimal(order["executedQty"]) + quantity
        money = Decimal(order["cummulativeQuoteQty"]) + quantity * price
        order["executedQty"], order["cummulativeQuoteQty"] = f"{done:.8f}", f"{money:.8f}"
        order["status"] = "FILLED" if done >= Decimal(order["origQty"]) else "PARTIALLY_FILLED"
        order["updateTime"] = self._now() if at is None else at
        base, quote = SYMBOLS[order["symbol"]]
        buys = order["side"] == "BUY"
        trade = {
            "symbol": order["symbol"],
            "id": len(self.trades) + 1,
            "orderId": order["orderId"],
            "orderListId": -1,
            "price": f"{price:.8f}",
            "qty": f"{quantity:.8f}",
            "quoteQty": f"{quantity * price:.8f}",
            "commission": f"{(quantity if buys else quantity * price) / 1000:.8f}",
            "commissionAsset": base if buys else quote,
            "time": order["updateTime"],
            "isBuyer": buys,
            "isMaker": maker,
            "isBestMatch": True,
        }
        self.trades.append(trade)
        return trade

    def execute(self, name: str, quantity: str, price: str, at: int | None = None) -> dict:
        """Execute a part of a resting order."""
        with self._lock:
            return self._execute(self.order(name), Decimal(quantity), Decimal(price), maker=True, at=at)

    def order(self, name: str) -> dict:
        return next(order for order in reversed(self.orders) if order["clientOrderId"] == name)

    def _order_of(self, parameters: dict, order_id: str = "orderId", name: str = "origClientOrderId") -> dict | None:
        for order in reversed(self.orders):
            if order["symbol"] == parameters["symbol"] and (
                str(order["orderId"]) == parameters.get(order_id) or order["clientOrderId"] == parameters.get(name)
            ):
                return order
        return None

    def _find(self, parameters: dict) -> object:
        order = self._order_of(parameters)
        if order is None:
            raise Refusal(-2013, "Order does not exist.")
        return order

    def _cancel(self, parameters: dict, **names: str) -> object:
        order = self._order_of(parameters, **names)
        if order is None or order["status"] not in OPEN:
            raise Refusal(-2011, "Unknown order sent.")
        order["status"] = "CANCELED"
        order["updateTime"] = self._now()
        answer = {key: value for key, value in order.items() if key not in ("time", "updateTime", "isWorking")}
        return answer | {
            "origClientOrderId": order["clientOrderId"],
            "clientOrderId": f"cancel-of-{order['orderId']}",
            "transactTime": self._now(),
        }

    def _cancel_replace(self, parameters: dict) -> object:
        try:
            cancelled = self._cancel(parameters, order_id="cancelOrderId", name="cancelOrigClientOrderId")
        except Refusal as refusal:
            data = {"cancelResult": "FAILURE", "newOrderResult": "NOT_ATTEMPTED", "cancelResponse": refusal.body}
            raise Refusal(-2022, "Order cancel-replace failed.", 400, data=data) from None
        try:
            new = self._place(parameters)
        except Refusal as refusal:
            data = {"cancelResult": "SUCCESS", "newOrderResult": "FAILURE", "newOrderResponse": refusal.body}
            raise Refusal(-2021, "Order cancel-replace partially failed.", 409, data=data) from None
        return {
            "cancelResult": "SUCCESS",
            "newOrderResult": "SUCCESS",
            "cancelResponse": cancelled,
            "newOrderResponse": new,
        }

    def _open_orders(self, parameters: dict) -> object:
        symbols = [parameters["symbol"]] if "symbol" in parameters else list(SYMBOLS)
        return [order for order in self.orders if order["status"] in OPEN and order["symbol"] in symbols]

    def _all_orders(self, parameters: dict) -> object:
        begin = int(parameters.get("startTime", 0))
        matches = [order for order in self.orders if order["symbol"] == parameters["symbol"] and order["time"] >= begin]
        return matches[: int(parameters.get("limit", 500))]

    def _my_trades(self, parameters: dict) -> object:
        begin, end = int(parameters.get("startTime", 0)), int(parameters.get("endTime", 2**62))
        if "startTime" in parameters and "endTime" in parameters and end - begin > 86_400_000:
            raise Refusal(-1127, "More than 24 hours between startTime and endTime.")
        matches = [
            trade
            for trade in self.trades
            if trade["symbol"] == parameters["symbol"]
            and trade["id"] not in self.delayed
            and str(trade["orderId"]) == parameters.get("orderId", str(trade["orderId"]))
            and begin <= trade["time"] <= end
            and trade["id"] >= int(parameters.get("fromId", 0))
        ]
        matches.sort(key=lambda trade: (trade["time"], trade["id"]))
        if self.doubled:
            matches = [trade for trade in matches for _ in range(2)]
        limit = int(parameters.get("limit", 500))
        from_the_oldest = ("startTime" in parameters or "fromId" in parameters) and not self.newest
        page = matches[:limit] if from_the_oldest else matches[-limit:]
        return page[::-1] if self.reversed else page


_CALLS = {
    ("GET", "exchangeInfo"): BinanceServer._exchange_info,
    ("GET", "time"): BinanceServer._server_time,
    ("GET", "account"): BinanceServer._account,
    ("POST", "order"): BinanceServer._place,
    ("GET", "order"): BinanceServer._find,
    ("DELETE", "order"): BinanceServer._cancel,
    ("POST", "order/cancelReplace"): BinanceServer._cancel_replace,
    ("GET", "openOrders"): BinanceServer._open_orders,
    ("GET", "allOrders"): BinanceServer._all_orders,
    ("GET", "myTrades"): BinanceServer._my_trades,
}


def _market(symbol: str, base: str, quote: str) -> dict:
    return {
        "symbol": symbol,
        "status": "TRADING",
        "baseAsset": base,
        "baseAssetPrecision": 8,
        "quoteAsset": quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]],
        "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01", "maxPrice": "1000000.00", "tickSize": "0.01"},
            {"filterType": "LOT_SIZE", "minQty": "0.00001", "maxQty": "9000.00", "stepSize": "0.00001"},
            {"filterType": "NOTIONAL", "minNotional": "5.00", "applyMinToMarket": True, "maxNotional": "9000000.00"},
        ],
    }
