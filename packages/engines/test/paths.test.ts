import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { lemPaths, type Env } from "../src/paths.ts";

const HOME = "/home/someone";
const CACHE = join(HOME, ".cache", "lem");
const CONFIG = join(HOME, ".config", "lem", "config.yaml");

it.each<readonly [string, Env, string, string]>([
  ["the home folder", { HOME }, CACHE, CONFIG],
  ["XDG variables", { HOME, XDG_CACHE_HOME: "/c", XDG_CONFIG_HOME: "/d" }, "/c/lem", "/d/lem/config.yaml"],
  [
    "lem's own variables first",
    { HOME, XDG_CACHE_HOME: "/c", LEM_CACHE: "/l", LEM_CONFIG: "/f.yaml" },
    "/l",
    "/f.yaml",
  ],
  [
    "nothing from empty variables",
    { HOME, XDG_CACHE_HOME: "", XDG_CONFIG_HOME: "", LEM_CACHE: "", LEM_CONFIG: "" },
    CACHE,
    CONFIG,
  ],
  ["nothing from relative XDG variables", { HOME, XDG_CACHE_HOME: "c", XDG_CONFIG_HOME: "./d" }, CACHE, CONFIG],
  [
    "relative folders from the working directory",
    { HOME, LEM_CACHE: "l", LEM_CONFIG: "f.yaml" },
    resolve("l"),
    resolve("f.yaml"),
  ],
  [
    "the system's home without HOME",
    { HOME: "" },
    join(homedir(), ".cache", "lem"),
    join(homedir(), ".config", "lem", "config.yaml"),
  ],
])("takes %s", (_, env, cache, userFile) => {
  const [models, engines, sources, idlePower] = ["models", "engines", "sources", "idle-power"].map((name) =>
    join(cache, name),
  );
  expect(lemPaths(env)).toMatchObject({ models, engines, sources, idlePower, userFile });
});
