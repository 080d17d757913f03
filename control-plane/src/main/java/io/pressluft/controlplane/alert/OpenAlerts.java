package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.dashboard.Banner;
import io.pressluft.controlplane.dashboard.BannerSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Says on every page what is the matter, and that nobody could be told. */
@Component
class OpenAlerts implements BannerSource {

    private final Alerts alerts;

    OpenAlerts(Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    public List<Banner> banners() {
        var banners = new ArrayList<Banner>();
        alerts.open()
                .forEach(incident -> banners.add(
                        new Banner(Sentences.of(incident), incident.kind().path())));
        alerts.undelivered()
                .forEach((channel, count) -> banners.add(new Banner(Sentences.undelivered(channel, count), "/alerts")));
        return banners;
    }
}
