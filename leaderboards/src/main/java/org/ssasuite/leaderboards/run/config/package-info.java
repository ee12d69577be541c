/** Options of a run from a file: YAML, JSON, or the manifest of a run. */
package org.ssasuite.leaderboards.run.config;
