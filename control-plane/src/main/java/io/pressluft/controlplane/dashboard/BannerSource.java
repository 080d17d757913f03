package io.pressluft.controlplane.dashboard;

import java.util.List;

/** How a feature says something on every page. */
public interface BannerSource {

    /** What is to be said now. */
    List<Banner> banners();
}
