/** {@code ssa pull}: models and data sets from a hub, when somebody asks for them. */
package org.ssasuite.leaderboards.pull;
