"""Classes that no tool should be run on."""

import os
import sys
import threading
import time


class Bad:
    def __init__(self, how=None):
        self.how = how
        if how == "hang":
            while True:
                pass
        if how == "wait":
            threading.Event().wait(3600)
        if how == "try-again":
            time.sleep(30)
        if how == "exit":
            os._exit(3)
        if how == "sys-exit":
            sys.exit(4)
        if how == "interrupt":
            raise KeyboardInterrupt
        if how == "fork":
            os.fork()
        if how == "fork-and-leave":
            if os.fork() == 0:
                threading.Event().wait(3600)
        if how == "memory":
            self.much = bytearray(8 << 30)
        if how == "eat":
            self.much = [bytearray(1 << 20) for _ in range(1 << 13)]
        if how == "abort":
            os.abort()
        if how == "kill":
            os.kill(os.getpid(), 9)
        if how == "noise":
            print('{"id": 1, "ok": {}}')
            os.write(1, b'{"id": 1, "answer": {}}\n')
            sys.stdout.flush()
        if how == "close":
            os.closerange(0, 3)
        if how == "recursion":
            Bad(how)
        if how == "kill-parent":
            os.kill(os.getppid(), 9)
        if how == "state":
            global SEEN
            SEEN += 1
            if SEEN > 1:
                raise ValueError
        if how == "input":
            self.read = input()
        if how == "network":
            import socket

            socket.create_connection(("127.0.0.1", 9))
        if how == "write":
            for place in ("/opt/lem/probe/x", "/x", "/usr/x"):
                try:
                    open(place, "w").close()
                    raise ValueError
                except OSError:
                    pass
        if how == "look":
            self.user, self.folder = os.getuid(), os.getcwd()
            self.devices = sorted(os.listdir("/sys/class/net"))
        if how == "big":
            self.text = "x" * (1 << 20)


SEEN = 0
