/** Questions with documents that answer them, that almost do, and that only share their words. */
export const examples = [
  {
    name: "Cooking",
    query: "Why did my mayonnaise split, and how can I rescue it?",
    documents: [
      "Home-made mayonnaise keeps for about three days in the fridge in a closed jar. Use very fresh eggs, and throw it away if it has stood in the sun at a picnic.",
      "Yellow split peas need no soaking. Simmer them with an onion, a carrot and a bay leaf for fifty minutes, until the soup is thick, and season it at the end.",
      "Mayonnaise is an emulsion: tiny drops of oil held apart in a little water by the lecithin of the egg yolk. It splits when oil is poured in faster than the whisk can break it up, or when there is too much oil for the yolk to hold.",
      "For a quick potato salad, fold four spoonfuls of mayonnaise, chopped gherkins and chives into a kilo of cold boiled potatoes. Let it rest for an hour before serving.",
      "A hollandaise that curdles has usually become too hot. Take it off the heat at once and beat in a spoonful of cold water; the sauce often comes back.",
      "To save a mayonnaise that has separated, put a fresh yolk or a teaspoon of mustard with a few drops of warm water in a clean bowl. Whisk in the broken sauce drop by drop, as if it were the oil, until it is thick again.",
    ],
  },
  {
    name: "Kubernetes",
    query: "My pod keeps restarting with exit code 137. What does that mean and how do I fix it?",
    documents: [
      "ImagePullBackOff means that the node could not fetch the container image. Check the image's name and tag, and whether the pull secret is in the pod's namespace.",
      "After each crash the kubelet waits longer before it starts the container again, up to five minutes. While it waits, the pod's status reads CrashLoopBackOff; this names the waiting, not the cause.",
      "An exit code above 128 is 128 plus a signal's number, so 137 is signal 9, SIGKILL. The usual sender is the kernel, because the container went over its memory limit: kubectl describe pod then shows OOMKilled as the last state. Raise resources.limits.memory or make the process use less.",
      "A container that reaches its CPU limit is throttled, not killed. It becomes slow and its latency rises, but it is not restarted for that reason alone.",
      "When a liveness probe fails too often the kubelet stops the container: first SIGTERM, then, if it is still running after the grace period, SIGKILL, which also reads as exit code 137. Look for Unhealthy events, and give slow starters a startup probe.",
      "A JVM takes a quarter of the container's memory for its heap unless told otherwise. Set -XX:MaxRAMPercentage, and leave room for threads, metaspace and direct buffers below the memory limit.",
      "The horizontal autoscaler adds replicas when the average of a metric is above its target. It never changes the resources of a pod that is already running.",
    ],
  },
  {
    name: "Medicine leaflet",
    query: "May I drink alcohol while I take Veradol (an invented medicine)?",
    documents: [
      "Keep Veradol out of the sight and reach of children, below 25 °C, in its original pack. Do not use it after the date on the carton.",
      "If you take more Veradol than you should, talk to a doctor or go to a hospital straight away, and take the pack with you, even if you feel well.",
      "Driving and machines: Veradol can make you dizzy or sleepy, above all in the first days and together with alcohol. Do not drive until you know how it affects you.",
      "Before an injection the skin is wiped with an alcohol swab and left to dry for thirty seconds, so that the needle does not carry germs or sting.",
      "Veradol with food, drink and alcohol: take the tablets with a glass of water, with or without food. Do not drink alcohol during treatment and for two days after the last tablet, because both together put a strain on the liver.",
      "Each 5 ml of Veradol oral solution contains 20 mg of alcohol (ethanol). This small amount has no noticeable effect.",
    ],
  },
];
