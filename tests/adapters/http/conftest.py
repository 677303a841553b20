import pytest
from http_house import registered, server


@pytest.fixture(params=["memory", "sqlite"])
def kept(request, make_store):
    """An empty store."""
    return make_store(request.param)


@pytest.fixture
def client(kept):
    """A client of an open server with a venue, where the usual instrument is registered."""
    with server(kept, local_store=True) as client:
        yield registered(client)
