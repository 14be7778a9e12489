import { tryTraefik } from "./essentials.ts";

tryTraefik("3.6.15");
