"""Stands between a client and the service, and remembers what was asked for."""

import http.client
import http.server
import threading
import urllib.parse


class Proxy:
    """Passes requests on as they are: the service makes its links from the Host header, so they lead here again."""

    def __init__(self, target):
        address = urllib.parse.urlsplit(target).netloc
        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                asked.append(urllib.parse.unquote_plus(self.path))
                service = http.client.HTTPConnection(address, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                service.request("GET", self.path, headers=headers)
                answer = service.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("transfer-encoding", "content-length", "connection", "date"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                service.close()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
