import pytest
from http_client import make_client, register_instrument


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    """An empty store."""
    return make_store(request.param)


@pytest.fixture
def client(store):
    """A client of a server without keys and with a venue, whose usual instrument is registered."""
    with make_client(store, local_store=True) as client:
        yield register_instrument(client)
