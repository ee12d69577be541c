/** Where models come from: embedded ones, folders, and checkpoints with random weights. */
package org.ssasuite.leaderboards.model;
