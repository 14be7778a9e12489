import "./arena";
import "./copy";
import "./decimal";
import "./widen";
