import { tryTraefik } from "./essentials.ts";

tryTraefik("3.3.2");
