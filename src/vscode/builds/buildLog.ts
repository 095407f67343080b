export { BuildLog } from "../../core/progress/buildLog";
