package io.fraudstream.job;

import io.fraudstream.scoring.RequestForm;
import io.fraudstream.scoring.ScoreSettings;
import io.fraudstream.scoring.Target;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where and how the settings say that transactions are scored. */
final class Endpoints {
  /** Source: addresses of API Gateway and of the SageMaker runtime. */
  private static final Pattern AWS_HOST =
      Pattern.compile("\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?$");

  private Endpoints() {}

  /** Null for a content type that cannot be sent. */
  static RequestForm form(JobSettings settings) {
    return RequestForm.of(settings.get(ScoringOptions.CONTENT_TYPE));
  }

  static ScoreSettings scoring(JobSettings settings) {
    return new ScoreSettings(
        settings.get(ScoringOptions.CAPACITY),
        settings.ms(ScoringOptions.TIMEOUT),
        settings.get(ScoringOptions.BATCH_ROWS),
        settings.ms(ScoringOptions.LINGER),
        ScoreSettings.Policy.valueOf(settings.get(ScoringOptions.ON_OUTAGE).name()),
        settings.ms(ScoringOptions.PATIENCE),
        form(settings),
        settings.get(ScoringOptions.SCORE_POINTER));
  }

  static Target target(JobSettings settings) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", settings.get(ScoringOptions.CONTENT_TYPE));
    headers.put("accept", settings.get(ScoringOptions.ACCEPT));
    boolean isRuntime = settings.has(ScoringOptions.ENDPOINT_NAME);
    URI uri = isRuntime ? runtime(settings, headers) : URI.create(settings.get(ScoringOptions.URL));
    for (String header : settings.get(ScoringOptions.HEADER)) {
      int colon = header.indexOf(':');
      String name = header.substring(0, colon).trim().toLowerCase(Locale.ROOT);
      headers.put(name, header.substring(colon + 1).trim());
    }
    return new Target(
        uri,
        headers,
        signing(settings, uri.getHost(), isRuntime),
        settings.ms(ScoringOptions.REQUEST_TIMEOUT),
        settings.ms(ScoringOptions.CONNECT_TIMEOUT));
  }

  /** InvokeEndpoint. Source: SageMaker runtime API reference. */
  private static URI runtime(JobSettings settings, Map<String, String> headers) {
    if (settings.has(ScoringOptions.TARGET_VARIANT)) {
      headers.put("x-amzn-sagemaker-target-variant", settings.get(ScoringOptions.TARGET_VARIANT));
    }
    if (settings.has(ScoringOptions.INFERENCE_COMPONENT)) {
      String component = settings.get(ScoringOptions.INFERENCE_COMPONENT);
      headers.put("x-amzn-sagemaker-inference-component", component);
    }
    String origin =
        settings.has(ScoringOptions.ENDPOINT_URL)
            ? settings.get(ScoringOptions.ENDPOINT_URL).replaceFirst("/+$", "")
            : "https://runtime.sagemaker." + Streams.region(settings) + ".amazonaws.com";
    String name =
        URLEncoder.encode(settings.get(ScoringOptions.ENDPOINT_NAME), StandardCharsets.UTF_8);
    return URI.create(origin + "/endpoints/" + name + "/invocations");
  }

  /** Null for an endpoint that wants no signature. */
  private static Target.Signing signing(JobSettings settings, String host, boolean isRuntime) {
    Matcher aws = AWS_HOST.matcher(host);
    boolean isAws = aws.find();
    ScoringOptions.Auth auth = settings.get(ScoringOptions.AUTH);
    boolean isSigned =
        auth == ScoringOptions.Auth.SIGV4
            || auth == ScoringOptions.Auth.AUTO && (isAws || isRuntime);
    if (!isSigned) return null;
    boolean isSageMaker = isRuntime || host.startsWith("runtime.sagemaker.");
    String region = isAws ? aws.group(1) : Streams.region(settings);
    String service = isSageMaker ? "sagemaker" : "execute-api";
    return new Target.Signing(service, region, settings.get(ScoringOptions.PROFILE));
  }
}
