"""Certificates for development and tests. An agency takes its own: the names in them are what the gateway looks at."""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: Client certificates name their holder by a URI below it (SPIFFE): ``…/terminal/PORT/TERMINAL``, ``…/service/NAME``.
TRUST_DOMAIN: Final = "spiffe://crossing"
DAYS: Final = 90
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)


class Authority:
    """A certificate authority that signs what a gateway and its clients need, and keeps no key of its own."""

    def __init__(self, *, now: datetime | None = None, days: int = DAYS) -> None:
        begins = (now or datetime.now(UTC)) - _CLOCKS_DIFFER_BY
        self._life = begins, begins + timedelta(days=days)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Crossing development authority")
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        self.certificate = (
            self._begun(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def write(self, folder: Path) -> None:
        """Write ``ca.crt``."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ca.crt").write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def write_server(self, folder: Path, hosts: Sequence[str]) -> None:
        """Write ``server.crt`` and ``server.key`` for a gateway that is met at some hosts, names or addresses."""
        names = [_host(each) for each in hosts]
        self._write(folder, "server", hosts[0], names, ExtendedKeyUsageOID.SERVER_AUTH)

    def write_client(self, folder: Path, name: str, uri: str) -> None:
        """Write ``NAME.crt`` and ``NAME.key`` for a client that a URI names."""
        self._write(folder, name, name, [x509.UniformResourceIdentifier(uri)], ExtendedKeyUsageOID.CLIENT_AUTH)

    def _write(
        self, folder: Path, file: str, common: str, names: Iterable[x509.GeneralName], use: x509.ObjectIdentifier
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._begun(_named(common), key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{file}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_secret(folder / f"{file}.key", private)

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._life[0])
            .not_valid_after(self._life[1])
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def write_certificates(
    folder: Path, *, hosts: Sequence[str], terminals: Sequence[str], services: Sequence[str]
) -> list[str]:
    """Write those of a gateway, of terminals (``PORT/TERMINAL``) and of services; returns the names of the files.

    An authority is made each time and its key thrown away: nothing can be signed with it afterwards.
    """
    authority = Authority()
    authority.write(folder)
    authority.write_server(folder, hosts)
    for terminal in terminals:
        authority.write_client(folder, terminal.replace("/", "-"), f"{TRUST_DOMAIN}/terminal/{terminal}")
    for service in services:
        authority.write_client(folder, service, f"{TRUST_DOMAIN}/service/{service}")
    return sorted(each.name for each in folder.iterdir())


def _named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_secret(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
