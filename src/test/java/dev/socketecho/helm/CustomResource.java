package dev.socketecho.helm;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;

/**
 * A resource of a kind that is not Kubernetes' own. Of the fields that its definition
 * has, there are those that the chart sets: another one is an error of the chart, or is
 * to be added here after a look into the operator's reference.
 *
 * @param <S> what the resource is about
 */
@JsonDeserialize(using = JsonDeserializer.None.class)
@SuppressWarnings("serial") // Nothing writes them; the interface says that they can be.
abstract class CustomResource<S> implements HasMetadata {

	private String apiVersion;

	private String kind;

	private ObjectMeta metadata;

	private S spec;

	@Override
	public String getApiVersion() {
		return this.apiVersion;
	}

	@Override
	public void setApiVersion(String apiVersion) {
		this.apiVersion = apiVersion;
	}

	@Override
	public String getKind() {
		return this.kind;
	}

	public void setKind(String kind) {
		this.kind = kind;
	}

	@Override
	public ObjectMeta getMetadata() {
		return this.metadata;
	}

	@Override
	public void setMetadata(ObjectMeta metadata) {
		this.metadata = metadata;
	}

	public S getSpec() {
		return this.spec;
	}

	public void setSpec(S spec) {
		this.spec = spec;
	}

	/**
	 * cert-manager.io/v1.
	 */
	static final class Certificate extends CustomResource<Certificate.Spec> {

		record Spec(String secretName, IssuerRef issuerRef, List<String> usages, List<String> dnsNames,
				List<String> ipAddresses, String duration, String renewBefore, PrivateKey privateKey) {
		}

		record IssuerRef(String name, String kind, String group) {
		}

		record PrivateKey(String algorithm, Integer size, String encoding, String rotationPolicy) {
		}

	}

	/**
	 * monitoring.coreos.com/v1.
	 */
	static final class ServiceMonitor extends CustomResource<ServiceMonitor.Spec> {

		record Spec(String jobLabel, NamespaceSelector namespaceSelector, LabelSelector selector,
				List<Endpoint> endpoints) {
		}

		record NamespaceSelector(List<String> matchNames) {
		}

		record Endpoint(String port, String path, String interval, String scrapeTimeout, List<Relabeling> relabelings,
				List<Relabeling> metricRelabelings) {
		}

		record Relabeling(List<String> sourceLabels, String targetLabel, String regex, String action) {
		}

	}

	/**
	 * monitoring.coreos.com/v1.
	 */
	static final class PrometheusRule extends CustomResource<PrometheusRule.Spec> {

		record Spec(List<Group> groups) {
		}

		record Group(String name, List<Rule> rules) {
		}

		record Rule(String alert, String expr, @JsonProperty("for") String pending, Map<String, String> labels,
				Map<String, String> annotations) {
		}

	}

}
