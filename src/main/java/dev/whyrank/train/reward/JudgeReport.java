package dev.whyrank.train.reward;

import dev.whyrank.rerank.remote.ChatUsage;
import java.util.Map;

/**
 * What judging a round came to.
 *
 * @param answers that were to be scored; equal ones to the same count once
 * @param asked scores, readable or not, that this run got
 * @param leftOut answers without a score, by reason
 * @param retries attempts after first ones that the endpoint made necessary
 * @param spent tokens of this round in this run
 * @param total tokens of all rounds and runs with this journal
 */
public record JudgeReport(
        int answers, int asked, Map<String, Integer> leftOut, long retries, ChatUsage spent, ChatUsage total) {}
