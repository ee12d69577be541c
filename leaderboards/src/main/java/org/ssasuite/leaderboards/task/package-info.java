/** Where tasks come from: those of all task modules, by their names. */
package org.ssasuite.leaderboards.task;
