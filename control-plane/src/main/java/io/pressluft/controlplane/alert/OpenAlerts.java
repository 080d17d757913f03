package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.dashboard.Banner;
import io.pressluft.controlplane.dashboard.BannerSource;
import java.util.List;
import org.springframework.stereotype.Component;

/** Says on every page what is the matter. */
@Component
class OpenAlerts implements BannerSource {

    private final Alerts alerts;

    OpenAlerts(Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    public List<Banner> banners() {
        return alerts.open().stream()
                .map(incident ->
                        new Banner(Sentences.of(incident), incident.kind().path()))
                .toList();
    }
}
