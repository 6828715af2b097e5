// The compare screen: keys, buttons and pointer take steps without leaving the page. Every step is a form or a
// link that works without this, too.
import { start as startDialogs } from "./dialogs.js";
import { start as startDrag } from "./drag.js";
import { start as startFilters } from "./filters.js";
import { start as startFinding } from "./finding.js";
import { start as startKeys } from "./keys.js";
import { remember } from "./live.js";
import { start as startNews } from "./news.js";
import { start as startReading } from "./reading.js";
import { start as startSteps } from "./steps.js";
import { start as startTelling } from "./telling.js";
import { start as startTimeline } from "./timeline.js";
import { start as startWalking } from "./walking.js";

remember(); // first, while the page is as the server printed it
startTelling();
startWalking();
startFilters();
startReading();
startTimeline();
startDialogs();
startSteps();
startFinding();
startDrag();
startNews();
startKeys();
document.getElementById("compare").dataset.ready = "";
