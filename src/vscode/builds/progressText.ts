export { ProgressText } from "../../core/progress/progressText";
