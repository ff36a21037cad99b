"""Authorities of our own, and certificates of 127.0.0.1 that they have signed."""

import shutil
import subprocess
import tempfile
from pathlib import Path


class Certificates:
    """A folder with <name>.crt and <name>.key of each."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix="certificates-"))

    def authority(self, name):
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                      "-keyout", f"{name}.key", "-out", f"{name}.crt")

    def server(self, name, authority, days):
        (self.directory / "name.cnf").write_text("subjectAltName=IP:127.0.0.1\n")
        self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", f"{name}.key",
                      "-out", f"{name}.csr")
        self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key",
                      "-CAcreateserial", "-extfile", "name.cnf", "-out", f"{name}.crt", "-days", str(days))

    def lines_for_broker(self, server, authority):
        """What a mosquitto has to be told."""
        return [f"cafile {self.directory}/{authority}.crt", f"certfile {self.directory}/{server}.crt",
                f"keyfile {self.directory}/{server}.key"]

    def stop(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def _openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.directory, check=True, capture_output=True)
