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
    return RequestForm.of(settings.get(Options.CONTENT_TYPE));
  }

  static ScoreSettings scoring(JobSettings settings) {
    return new ScoreSettings(
        settings.get(Options.CAPACITY),
        settings.ms(Options.TIMEOUT),
        settings.get(Options.BATCH_ROWS),
        settings.ms(Options.LINGER),
        ScoreSettings.Policy.valueOf(settings.get(Options.ON_OUTAGE).name()),
        settings.ms(Options.PATIENCE),
        form(settings),
        settings.get(Options.SCORE_POINTER));
  }

  static Target target(JobSettings settings) {
    Map<String, String> headers = new HashMap<>();
    headers.put("content-type", settings.get(Options.CONTENT_TYPE));
    headers.put("accept", settings.get(Options.ACCEPT));
    boolean isRuntime = settings.has(Options.ENDPOINT_NAME);
    URI uri = isRuntime ? runtime(settings, headers) : URI.create(settings.get(Options.URL));
    for (String header : settings.get(Options.HEADER)) {
      int colon = header.indexOf(':');
      String name = header.substring(0, colon).trim().toLowerCase(Locale.ROOT);
      headers.put(name, header.substring(colon + 1).trim());
    }
    return new Target(
        uri,
        headers,
        signing(settings, uri.getHost(), isRuntime),
        settings.ms(Options.REQUEST_TIMEOUT),
        settings.ms(Options.CONNECT_TIMEOUT));
  }

  /** InvokeEndpoint. Source: SageMaker runtime API reference. */
  private static URI runtime(JobSettings settings, Map<String, String> headers) {
    if (settings.has(Options.TARGET_VARIANT)) {
      headers.put("x-amzn-sagemaker-target-variant", settings.get(Options.TARGET_VARIANT));
    }
    if (settings.has(Options.INFERENCE_COMPONENT)) {
      String component = settings.get(Options.INFERENCE_COMPONENT);
      headers.put("x-amzn-sagemaker-inference-component", component);
    }
    String origin =
        settings.has(Options.ENDPOINT_URL)
            ? settings.get(Options.ENDPOINT_URL).replaceFirst("/+$", "")
            : "https://runtime.sagemaker." + Streams.region(settings) + ".amazonaws.com";
    String name = URLEncoder.encode(settings.get(Options.ENDPOINT_NAME), StandardCharsets.UTF_8);
    return URI.create(origin + "/endpoints/" + name + "/invocations");
  }

  /** Null for an endpoint that wants no signature. */
  private static Target.Signing signing(JobSettings settings, String host, boolean isRuntime) {
    Matcher aws = AWS_HOST.matcher(host);
    boolean isAws = aws.find();
    Options.Auth auth = settings.get(Options.AUTH);
    boolean isSigned = auth == Options.Auth.SIGV4 || auth == Options.Auth.AUTO && (isAws || isRuntime);
    if (!isSigned) return null;
    boolean isSageMaker = isRuntime || host.startsWith("runtime.sagemaker.");
    String region = isAws ? aws.group(1) : Streams.region(settings);
    String service = isSageMaker ? "sagemaker" : "execute-api";
    return new Target.Signing(service, region, settings.get(Options.PROFILE));
  }
}
