/* eslint-disable */
/**
 * Generated `api` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type * as account from "../account.js";
import type * as alerts from "../alerts.js";
import type * as answers from "../answers.js";
import type * as auth from "../auth.js";
import type * as chat from "../chat.js";
import type * as cleanupTasks from "../cleanupTasks.js";
import type * as crons from "../crons.js";
import type * as detector from "../detector.js";
import type * as fleet from "../fleet.js";
import type * as functions from "../functions.js";
import type * as http from "../http.js";
import type * as invitations from "../invitations.js";
import type * as localOwner from "../localOwner.js";
import type * as machines from "../machines.js";
import type * as metrics from "../metrics.js";
import type * as model_access from "../model/access.js";
import type * as model_accessTables from "../model/accessTables.js";
import type * as model_accessValidators from "../model/accessValidators.js";
import type * as model_accounts from "../model/accounts.js";
import type * as model_alertEvidence from "../model/alertEvidence.js";
import type * as model_alertJudgement from "../model/alertJudgement.js";
import type * as model_alertRetention from "../model/alertRetention.js";
import type * as model_alertTables from "../model/alertTables.js";
import type * as model_alertValidators from "../model/alertValidators.js";
import type * as model_alertWatch from "../model/alertWatch.js";
import type * as model_alerts from "../model/alerts.js";
import type * as model_audit from "../model/audit.js";
import type * as model_bounds from "../model/bounds.js";
import type * as model_chatLength from "../model/chatLength.js";
import type * as model_chatTables from "../model/chatTables.js";
import type * as model_chatValidators from "../model/chatValidators.js";
import type * as model_commands from "../model/commands.js";
import type * as model_deleteMessages from "../model/deleteMessages.js";
import type * as model_deliveries from "../model/deliveries.js";
import type * as model_drain from "../model/drain.js";
import type * as model_environment from "../model/environment.js";
import type * as model_errors from "../model/errors.js";
import type * as model_flapping from "../model/flapping.js";
import type * as model_historyTables from "../model/historyTables.js";
import type * as model_interruption from "../model/interruption.js";
import type * as model_invitations from "../model/invitations.js";
import type * as model_lastSaid from "../model/lastSaid.js";
import type * as model_machineStatus from "../model/machineStatus.js";
import type * as model_machines from "../model/machines.js";
import type * as model_massSilence from "../model/massSilence.js";
import type * as model_membership from "../model/membership.js";
import type * as model_messageStatus from "../model/messageStatus.js";
import type * as model_metricsFamilies from "../model/metricsFamilies.js";
import type * as model_metricsSeries from "../model/metricsSeries.js";
import type * as model_metricsTables from "../model/metricsTables.js";
import type * as model_metricsTally from "../model/metricsTally.js";
import type * as model_metricsText from "../model/metricsText.js";
import type * as model_names from "../model/names.js";
import type * as model_overrides from "../model/overrides.js";
import type * as model_pairing from "../model/pairing.js";
import type * as model_parts from "../model/parts.js";
import type * as model_passwords from "../model/passwords.js";
import type * as model_phase from "../model/phase.js";
import type * as model_presence from "../model/presence.js";
import type * as model_progress from "../model/progress.js";
import type * as model_rateLimits from "../model/rateLimits.js";
import type * as model_requests from "../model/requests.js";
import type * as model_retention from "../model/retention.js";
import type * as model_retentionByCount from "../model/retentionByCount.js";
import type * as model_revocation from "../model/revocation.js";
import type * as model_roles from "../model/roles.js";
import type * as model_rollouts from "../model/rollouts.js";
import type * as model_rotation from "../model/rotation.js";
import type * as model_sessions from "../model/sessions.js";
import type * as model_settings from "../model/settings.js";
import type * as model_settingsChange from "../model/settingsChange.js";
import type * as model_shares from "../model/shares.js";
import type * as model_signIns from "../model/signIns.js";
import type * as model_staleGroups from "../model/staleGroups.js";
import type * as model_sweep from "../model/sweep.js";
import type * as model_sweepSchedule from "../model/sweepSchedule.js";
import type * as model_tokenTerm from "../model/tokenTerm.js";
import type * as model_tokens from "../model/tokens.js";
import type * as model_uptime from "../model/uptime.js";
import type * as model_validators from "../model/validators.js";
import type * as model_views from "../model/views.js";
import type * as model_webhookBody from "../model/webhookBody.js";
import type * as model_webhooks from "../model/webhooks.js";
import type * as model_workers from "../model/workers.js";
import type * as pairing from "../pairing.js";
import type * as requests from "../requests.js";
import type * as settings from "../settings.js";
import type * as shares from "../shares.js";
import type * as signInLinks from "../signInLinks.js";
import type * as users from "../users.js";
import type * as webhooks from "../webhooks.js";
import type * as workerAccess from "../workerAccess.js";
import type * as workerCommands from "../workerCommands.js";
import type * as workerHistory from "../workerHistory.js";
import type * as workers from "../workers.js";

import type {
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
  account: typeof account;
  alerts: typeof alerts;
  answers: typeof answers;
  auth: typeof auth;
  chat: typeof chat;
  cleanupTasks: typeof cleanupTasks;
  crons: typeof crons;
  detector: typeof detector;
  fleet: typeof fleet;
  functions: typeof functions;
  http: typeof http;
  invitations: typeof invitations;
  localOwner: typeof localOwner;
  machines: typeof machines;
  metrics: typeof metrics;
  "model/access": typeof model_access;
  "model/accessTables": typeof model_accessTables;
  "model/accessValidators": typeof model_accessValidators;
  "model/accounts": typeof model_accounts;
  "model/alertEvidence": typeof model_alertEvidence;
  "model/alertJudgement": typeof model_alertJudgement;
  "model/alertRetention": typeof model_alertRetention;
  "model/alertTables": typeof model_alertTables;
  "model/alertValidators": typeof model_alertValidators;
  "model/alertWatch": typeof model_alertWatch;
  "model/alerts": typeof model_alerts;
  "model/audit": typeof model_audit;
  "model/bounds": typeof model_bounds;
  "model/chatLength": typeof model_chatLength;
  "model/chatTables": typeof model_chatTables;
  "model/chatValidators": typeof model_chatValidators;
  "model/commands": typeof model_commands;
  "model/deleteMessages": typeof model_deleteMessages;
  "model/deliveries": typeof model_deliveries;
  "model/drain": typeof model_drain;
  "model/environment": typeof model_environment;
  "model/errors": typeof model_errors;
  "model/flapping": typeof model_flapping;
  "model/historyTables": typeof model_historyTables;
  "model/interruption": typeof model_interruption;
  "model/invitations": typeof model_invitations;
  "model/lastSaid": typeof model_lastSaid;
  "model/machineStatus": typeof model_machineStatus;
  "model/machines": typeof model_machines;
  "model/massSilence": typeof model_massSilence;
  "model/membership": typeof model_membership;
  "model/messageStatus": typeof model_messageStatus;
  "model/metricsFamilies": typeof model_metricsFamilies;
  "model/metricsSeries": typeof model_metricsSeries;
  "model/metricsTables": typeof model_metricsTables;
  "model/metricsTally": typeof model_metricsTally;
  "model/metricsText": typeof model_metricsText;
  "model/names": typeof model_names;
  "model/overrides": typeof model_overrides;
  "model/pairing": typeof model_pairing;
  "model/parts": typeof model_parts;
  "model/passwords": typeof model_passwords;
  "model/phase": typeof model_phase;
  "model/presence": typeof model_presence;
  "model/progress": typeof model_progress;
  "model/rateLimits": typeof model_rateLimits;
  "model/requests": typeof model_requests;
  "model/retention": typeof model_retention;
  "model/retentionByCount": typeof model_retentionByCount;
  "model/revocation": typeof model_revocation;
  "model/roles": typeof model_roles;
  "model/rollouts": typeof model_rollouts;
  "model/rotation": typeof model_rotation;
  "model/sessions": typeof model_sessions;
  "model/settings": typeof model_settings;
  "model/settingsChange": typeof model_settingsChange;
  "model/shares": typeof model_shares;
  "model/signIns": typeof model_signIns;
  "model/staleGroups": typeof model_staleGroups;
  "model/sweep": typeof model_sweep;
  "model/sweepSchedule": typeof model_sweepSchedule;
  "model/tokenTerm": typeof model_tokenTerm;
  "model/tokens": typeof model_tokens;
  "model/uptime": typeof model_uptime;
  "model/validators": typeof model_validators;
  "model/views": typeof model_views;
  "model/webhookBody": typeof model_webhookBody;
  "model/webhooks": typeof model_webhooks;
  "model/workers": typeof model_workers;
  pairing: typeof pairing;
  requests: typeof requests;
  settings: typeof settings;
  shares: typeof shares;
  signInLinks: typeof signInLinks;
  users: typeof users;
  webhooks: typeof webhooks;
  workerAccess: typeof workerAccess;
  workerCommands: typeof workerCommands;
  workerHistory: typeof workerHistory;
  workers: typeof workers;
}>;

/**
 * A utility for referencing Convex functions in your app's public API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = api.myModule.myFunction;
 * ```
 */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/**
 * A utility for referencing Convex functions in your app's internal API.
 *
 * Usage:
 * ```js
 * const myFunctionReference = internal.myModule.myFunction;
 * ```
 */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

export declare const components: {};
