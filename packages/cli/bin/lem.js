#!/usr/bin/env node
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";

nodeModule.enableCompileCache?.();
// A run streams short-lived objects for hours: young space that keeps growing would only hold garbage (bench/host-memory.mjs).
setFlagsFromString("--semi-space-growth-factor=1");
const { main } = await import("@lem/cli");
await main();
