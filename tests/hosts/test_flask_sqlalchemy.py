"""The history in a database, or in a place, of its own, within Flask-SQLAlchemy."""

import pytest
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork, models, prepare
from sot.audit import verify
from sot.testing.contract.samples import spot_instrument

flask_sqlalchemy = pytest.importorskip("flask_sqlalchemy")
flask = pytest.importorskip("flask")


@pytest.fixture
def make_shop(tmp_path):
    """Makes an application with a table named `orders`."""

    def make(**config):
        db = flask_sqlalchemy.SQLAlchemy()

        class Order(db.Model):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            item: Mapped[str]

        app = flask.Flask("shop", instance_path=str(tmp_path))
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/shop.db"
        app.config.update(config)
        db.init_app(app)
        return app, db, Order

    return make


def buy_and_record(app, db, order, **place):
    """Change a table of the application and the history in one session."""
    with app.app_context():
        db.create_all()
        db.session.add(order(id=1, item="tea"))
        OrderHistory(SqlAlchemyUnitOfWork(db.session, **place)).register(spot_instrument())
        db.session.commit()
        assert db.session.scalars(select(order.item)).all() == ["tea"]


def test_a_prefix_in_the_database_of_the_application(make_shop, tmp_path):
    app, db, order = make_shop()
    engine = create_engine(f"sqlite:///{tmp_path}/shop.db")
    prepare(engine, prefix="sot_")
    buy_and_record(app, db, order, prefix="sot_")
    store = SqlAlchemyStore(engine, prefix="sot_")
    assert verify(store).problems == [] and verify(store).counts["instrument"] == 1
    store.close()


def test_a_bind_of_its_own(make_shop, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/history.db"
    monkeypatch.setitem(models.metadata.info, "bind_key", "history")
    app, db, order = make_shop(SQLALCHEMY_BINDS={"history": url})
    SqlAlchemyStore.open(url).close()
    buy_and_record(app, db, order)
    store = SqlAlchemyStore.open(url, create=False)
    assert verify(store).counts["instrument"] == 1
    assert "item" not in {column["name"] for column in inspect(store.engine).get_columns("orders")}
    store.close()
    shop = create_engine(f"sqlite:///{tmp_path}/shop.db")
    assert inspect(shop).get_table_names() == ["orders"]
