import { tryTraefik } from "./essentials.ts";

tryTraefik("3.4.3");
