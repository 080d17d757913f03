// What pages do beyond what the server rendered: local times, copying, live jobs. Every page works without it.
"use strict";

(() => {
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

  const localTimes = (root) => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      const today = at.toDateString() === new Date().toDateString();
      time.textContent = today ? `today, ${clock.format(at)}` : day.format(at);
      time.title = full.format(at);
    }
  };

  const copyButtons = (root) => {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("button[data-copy]")) {
      button.hidden = false;
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    form.querySelector("button[type=submit]")?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("button[type=submit]")?.removeAttribute("aria-disabled");
    }
  });

  const ready = (root) => {
    localTimes(root);
    copyButtons(root);
  };

  document.addEventListener("htmx:afterSwap", (event) => ready(event.detail.target));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answered = event.detail.xhr.responseURL;
    if (answered && new URL(answered).pathname === "/login") {
      event.detail.shouldSwap = false;
      location.assign("/login?expired");
    }
  });
  // What is said on every page is announced when it changes, not with every look.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const words = (node) => node.textContent.replace(/\s+/g, " ").trim();
    if (target.id === "alerts" && words(target) === words(fragment)) event.detail.shouldSwap = false;
  });
  // A live part that is being used is not replaced under the user's hands, and none is in a hidden tab.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const used = event.target.contains(document.activeElement) && document.activeElement.matches("button, input");
    if (document.hidden || used) event.preventDefault();
  });

  const duration = (milliseconds) => {
    const seconds = Math.max(0, milliseconds) / 1000;
    if (seconds >= 60) {
      return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
    }
    return seconds >= 10 ? `${Math.floor(seconds)} s` : `${seconds.toFixed(1)} s`;
  };

  const tones = {
    queued: "busy", dispatched: "busy", running: "busy", verifying: "busy",
    succeeded: "good", failed: "bad", rejected: "bad", stalled: "bad", cancelled: "calm",
  };

  const liveJob = (page) => {
    const id = page.dataset.job;
    const steps = document.getElementById("steps");
    const say = document.getElementById("job-say");
    const lost = document.getElementById("job-link");
    const title = page.dataset.title;
    let shown = "";
    let offered = "";
    let newest = null;
    let painting = 0;

    const part = (item, name) => {
      let found = item.querySelector(`.${name}`);
      if (!found) {
        found = document.createElement("span");
        found.className = name;
        item.append(found);
      }
      return found;
    };

    const paintStep = (step) => {
      const key = `${Number(step.part)}-${Number(step.ordinal)}`;
      let item = steps.querySelector(`[data-ordinal="${key}"]`);
      if (item && step.outcome === "running" && !item.classList.contains("running")) return;
      if (!item) {
        item = document.createElement("li");
        item.dataset.ordinal = key;
        steps.append(item);
      }
      item.className = `step ${step.outcome}`;
      part(item, "step-phase").textContent = step.phase;
      part(item, "step-name").textContent = step.name;
      part(item, "step-outcome").textContent = step.outcome;
      part(item, "step-took").className = "step-took num";
      if (step.outcome === "running") {
        item.dataset.since = step.startedAt;
      } else {
        delete item.dataset.since;
        part(item, "step-took").textContent = step.durationMs === undefined || step.outcome === "skipped" ? "" : duration(step.durationMs);
      }
      if (step.code || step.message) {
        const message = part(item, "step-message");
        message.textContent = "";
        if (step.code) {
          const code = document.createElement("code");
          code.textContent = step.code;
          message.append(code, " ");
        }
        message.append(step.message ?? "");
      }
      document.getElementById("step-count").textContent = String(steps.children.length);
      document.getElementById("no-steps").hidden = true;
    };

    // Events since the beginning come in one burst at first; only the last state of a burst is shown.
    const paintJob = () => {
      const job = newest;
      const state = document.querySelector("#job-state .state");
      if (!job || !state) return;
      // What an operator may do is another thing now: a cancel by somebody else takes it away, too.
      const offer = `${job.cancellable} ${job.resolvable} ${job.cancelledBy ?? ""}`;
      if (offered ? offer !== offered : job.state === "stalled" || job.cancelledBy) htmx.ajax("GET", location.pathname, { target: "#job-outcome", select: "#job-outcome", swap: "outerHTML" });
      offered = offer;
      if (job.state === shown) return;
      shown = job.state;
      state.className = `state ${tones[job.state] ?? "calm"}`;
      state.textContent = job.state[0].toUpperCase() + job.state.slice(1);
      document.title = `${state.textContent}: ${title} · Pressluft`;
      say.textContent = `${title}: ${job.state}.`;
      const took = document.getElementById("job-took");
      if (job.startedAt && !job.settledAt) took.dataset.since = job.startedAt;
    };

    // The stream begins with the log's first piece, whatever the page was made with.
    let logText = "";
    let logging = 0;
    const paintLog = () => {
      const place = document.getElementById("log-text");
      const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 8;
      place.textContent = logText;
      if (atEnd) place.scrollTop = place.scrollHeight;
    };
    const addToLog = (piece) => {
      logText = (logText + piece.text).slice(-65536);
      clearTimeout(logging);
      logging = setTimeout(paintLog, 60);
    };

    const tick = () => {
      for (const item of page.querySelectorAll("[data-since]")) {
        const place = item.classList.contains("step") ? item.querySelector(".step-took") : item;
        place.textContent = duration(Date.now() - Date.parse(item.dataset.since));
      }
    };
    const ticking = setInterval(tick, 500);

    const source = new EventSource(`/api/jobs/${encodeURIComponent(id)}/events`);
    source.addEventListener("open", () => (lost.hidden = true));
    source.addEventListener("error", () => {
      lost.hidden = false;
      // A browser gives up when the answer was no stream, for example after signing out elsewhere.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
    });
    source.addEventListener("step", (event) => paintStep(JSON.parse(event.data)));
    source.addEventListener("log", (event) => addToLog(JSON.parse(event.data)));
    source.addEventListener("job", (event) => {
      newest = JSON.parse(event.data);
      clearTimeout(painting);
      painting = setTimeout(paintJob, 60);
    });
    source.addEventListener("end", async (event) => {
      source.close();
      clearTimeout(painting);
      clearInterval(ticking);
      const { state } = JSON.parse(event.data);
      await htmx.ajax("GET", location.pathname, { target: "#job-outcome", select: "#job-outcome", swap: "outerHTML" });
      ready(page);
      delete page.dataset.live;
      document.title = `${state[0].toUpperCase()}${state.slice(1)}: ${title} · Pressluft`;
      say.textContent = `${title} has ended: ${state}.`;
    });
  };


  const start = () => {
    ready(document);
    const page = document.getElementById("job");
    if (page?.dataset.live) {
      liveJob(page);
    }
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
