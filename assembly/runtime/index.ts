import "./arena";
import "./copy";
import "./widen";
