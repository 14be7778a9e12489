import { tryTraefik } from "./essentials.ts";

tryTraefik("3.5.3");
