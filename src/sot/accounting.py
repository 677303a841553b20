"""Positions, results and costs: the values, the methods, marks and rates."""

from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.ledger import LedgerEntry, LotChange, list_ledger
from sot.domain.accounting.account_event import TransferLot
from sot.domain.accounting.balances import Balance, BalancePart, Movement
from sot.domain.accounting.capital_gains import CapitalGain
from sot.domain.accounting.cost_analysis import CostAnalysis
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import Position, unrealized
from sot.domain.accounting.rates import Conversion, Mark, Quote, Rates
from sot.domain.accounting.reported_position import ReportedPosition, Unrealized
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.accounting.round_trips import RoundTrip
from sot.domain.accounting.unregistered import ResultRows, UnregisteredSymbol
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import GainFlag, GroupBy, Method, OptionRight, PositionEffect, PositionSide
from sot.ports.rates import RateSource

__all__ = [
    "Balance",
    "BalanceFilter",
    "BalancePart",
    "CapitalGain",
    "Contribution",
    "Conversion",
    "CostAnalysis",
    "GainFlag",
    "GroupBy",
    "LedgerEntry",
    "Lot",
    "LotChange",
    "Mark",
    "Method",
    "Movement",
    "OptionRight",
    "OrderCosts",
    "OrderPnl",
    "Position",
    "PositionEffect",
    "PositionKey",
    "PositionSide",
    "Quote",
    "RateSource",
    "Rates",
    "Realized",
    "ReportedPosition",
    "ResultRows",
    "RoundTrip",
    "TransferLot",
    "Unrealized",
    "UnregisteredSymbol",
    "list_ledger",
    "unrealized",
]
