import { tryTraefik } from "./essentials.ts";

tryTraefik("3.7.15");
