import "./arena";
