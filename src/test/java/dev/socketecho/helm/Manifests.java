package dev.socketecho.helm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import dev.socketecho.helm.CustomResource.Certificate;
import dev.socketecho.helm.CustomResource.PrometheusRule;
import dev.socketecho.helm.CustomResource.ServiceMonitor;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rendered manifests, each read strictly into its type: a field that Kubernetes does not
 * know is an error.
 *
 * @param all the manifests, in the order of the render
 */
record Manifests(List<HasMetadata> all) {

	private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.ofEntries(
			Map.entry("v1/ConfigMap", ConfigMap.class), Map.entry("v1/Pod", Pod.class),
			Map.entry("v1/Service", Service.class), Map.entry("v1/ServiceAccount", ServiceAccount.class),
			Map.entry("apps/v1/Deployment", Deployment.class), Map.entry("apps/v1/StatefulSet", StatefulSet.class),
			Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
			Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
			Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
			Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
			Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
			Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
			Map.entry("cert-manager.io/v1/Certificate", Certificate.class));

	private static final ObjectMapper mapper = new ObjectMapper()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.setAnnotationIntrospector(new StrictIntrospector());

	static Manifests parse(String text) {
		List<HasMetadata> manifests = new ArrayList<>();
		for (Object tree : new Yaml().loadAll(text)) {
			if (tree instanceof Map<?, ?> manifest) {
				String type = manifest.get("apiVersion") + "/" + manifest.get("kind");
				manifests.add(mapper.convertValue(manifest,
						Objects.requireNonNull(TYPES.get(type), () -> "unknown type " + type)));
			}
		}
		return new Manifests(manifests);
	}

	<T extends HasMetadata> List<T> all(Class<T> type) {
		return this.all.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * The only manifest of a type.
	 */
	<T extends HasMetadata> T only(Class<T> type) {
		assertThat(all(type)).hasSize(1);
		return all(type).getFirst();
	}

	<T extends HasMetadata> T named(Class<T> type, String name) {
		List<T> found = all(type).stream().filter((manifest) -> manifest.getMetadata().getName().equals(name)).toList();
		assertThat(found).as("%s %s", type.getSimpleName(), name).hasSize(1);
		return found.getFirst();
	}

	/**
	 * The pods of the service.
	 */
	PodTemplateSpec pods() {
		List<StatefulSet> sets = all(StatefulSet.class);
		return sets.isEmpty() ? only(Deployment.class).getSpec().getTemplate()
				: sets.getFirst().getSpec().getTemplate();
	}

	/**
	 * The container of the service in its pods.
	 */
	Container container() {
		return pods().getSpec()
			.getContainers()
			.stream()
			.filter((container) -> container.getName().equals("socket-echo"))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * The service's configuration.
	 */
	String applicationYaml() {
		return all(ConfigMap.class).stream()
			.filter((map) -> map.getData() != null && map.getData().containsKey("application.yml"))
			.map((map) -> map.getData().get("application.yml"))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * The types keep what they do not know in maps; here they have none.
	 */
	private static final class StrictIntrospector extends JacksonAnnotationIntrospector {

		private static final long serialVersionUID = 1L;

		@Override
		public Boolean hasAnySetter(Annotated annotated) {
			return false;
		}

	}

}
