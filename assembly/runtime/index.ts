import "./arena";
import "./copy";
