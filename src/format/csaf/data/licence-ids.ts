/** Identifiers of the SPDX License List 3.28.0 that are deprecated (CC0-1.0). */
export const SPDX_DEPRECATED = `
  AGPL-1.0 AGPL-3.0 BSD-2-Clause-FreeBSD BSD-2-Clause-NetBSD GFDL-1.1 GFDL-1.2 GFDL-1.3 GPL-1.0 GPL-1.0+ GPL-2.0
  GPL-2.0+ GPL-2.0-with-GCC-exception GPL-2.0-with-autoconf-exception GPL-2.0-with-bison-exception
  GPL-2.0-with-classpath-exception GPL-2.0-with-font-exception GPL-3.0 GPL-3.0+ GPL-3.0-with-GCC-exception
  GPL-3.0-with-autoconf-exception LGPL-2.0 LGPL-2.0+ LGPL-2.1 LGPL-2.1+ LGPL-3.0 LGPL-3.0+ Net-SNMP
  Nokia-Qt-exception-1.1 Nunit StandardML-NJ bzip2-1.0.5 eCos-2.0 wxWindows`;

/**
 * What follows `LicenseRef-scancode-` or `AdditionRef-scancode-` in the identifiers of AboutCode's ScanCode LicenseDB, as of
 * licensedcode-data 32.1.0.
 *
 * @license Identifiers of ScanCode LicenseDB: Copyright nexB Inc. and others, CC-BY-4.0.
 */
export const SCANCODE_IDS = `
  3com-microcode 3dslicer-1.0 4suite-1.1 996-icu-1.0 Hippocratic-3.0 aardvark-py-2014 abrms ac3filter accellera-systemc
  accountability-commercial-1.1 acm-sla acroname-bdk activestate-community activestate-community-2012
  activestate-komodo-edit actuate-birt-ihub-ftype-sla adaptec-downloadable adaptec-eula adcolony-tos-2022
  addthis-mobile-sdk-1.0 adi-bsd adobe-acrobat-reader-eula adobe-air-sdk adobe-air-sdk-2014 adobe-color-profile-bundling
  adobe-color-profile-license adobe-dng-sdk adobe-dng-spec-patent adobe-eula adobe-flash-player-eula-21.0
  adobe-flex-4-sdk adobe-flex-sdk adobe-general-tou adobe-indesign-sdk adobe-postscript adrian aes-128-3.0 afpl-9.0
  agentxpp agere-bsd agere-sla ago-private-1.0 agpl-2.0 agpl-generic-additional-terms agtpl alasir aldor-public-2.0
  alexisisaac-freeware alfresco-exception-0.5 allen-institute-software-2018 alliance-open-media-patent-1.0 altermime
  altova-eula amazon-redshift-jdbc amd-aspf-2023 amd-historical amd-linux-firmware amd-linux-firmware-export
  amlogic-linux-firmware ams-fonts android-sdk-2009 android-sdk-2012 android-sdk-2021 android-sdk-license
  android-sdk-preview-2015 anepokis-1.0 anti-capitalist-1.4 anu-license apache-patent-exception apl-1.1 appfire-eula
  apple-academic-lisa-os-3.1 apple-attribution apple-attribution-1997 apple-excl apple-mfi-license apple-ml-ferret-2023
  apple-mpeg-4 apple-sscl appsflyer-framework aptana-1.0 aptana-exception-3.0 arachni-psl-1.0 aravindan-premkumar
  argouml arm-cortex-mx arm-llvm-sga array-input-method-pl artistic-1988-1.0 asal-1.0 ascender-eula ascender-web-fonts
  aslp aslr asmus asn1 ati-eula atkinson-hyperlegible-font atlassian-marketplace-tou atmel-firmware atmel-linux-firmware
  atmel-microcontroller atmosphere-0.4 authorizenet-sdk autodesk-3d-sft-3.0 autoit-eula autoopts-exception-2.0
  avisynth-c-exception avisynth-linking-exception avsystem-5-clause bacula-exception bakoma-fonts-1995 bapl-1.0
  bash-exception-gpl-2.0 bcm-linking-exception-2.0 bea-2.1 beal-screamer beri-hw-sw-1.0 bigcode-open-rail-m-v1 bigdigits
  bigscience-open-rail-m bigscience-rail-1.0 binary-linux-firmware binary-linux-firmware-patent biopython bittorrent-1.2
  bittorrent-eula bitwarden-1.0 bitzi-pd blas-2017 blender-2010 blitz-artistic bloomberg-blpapi bohl-0.2 boost-original
  boutell-libgd-2021 bpel4ws-spec bpmn-io brad-martinez-vb-32 brankas-open-license-1.0 brent-corkum brian-clapper
  brian-gladman-3-clause broadcom-cfe broadcom-commercial broadcom-confidential broadcom-linux-firmware
  broadcom-linux-timer broadcom-opus-patent broadcom-proprietary broadcom-raspberry-pi broadcom-standard-terms
  broadcom-unmodified-exception broadcom-wiced broadleaf-fair-use brocade-firmware bruno-podetti bsd-1-clause-build
  bsd-1988 bsd-2-clause-plus-advertizing bsd-3-clause-devine bsd-3-clause-fda bsd-3-clause-jtag bsd-3-clause-no-change
  bsd-3-clause-no-trademark bsd-ack-carrot2 bsd-artwork bsd-atmel bsd-axis-nomod bsd-credit bsd-dpt bsd-export
  bsd-innosys bsd-mylex bsd-new-derivative bsd-new-nomod bsd-new-tcpdump bsd-no-disclaimer bsd-no-disclaimer-unmodified
  bsd-no-mod bsd-original-muscle bsd-original-voices bsd-plus-mod-notice bsd-simplified-intel bsd-simplified-source
  bsd-top-gpl-addition bsd-unchanged bsd-unmodified bsd-x11 bsl-1.0 bsla-no-advert bugsense-sdk bytemark c-fsl-1.1
  cadence-linux-firmware can-ogl-alberta-2.1 can-ogl-british-columbia-2.0 can-ogl-nova-scotia-1.0 can-ogl-ontario-1.0
  can-ogl-toronto-1.0 canonical-ha-cla-any-e-v1.2 canonical-ha-cla-any-i-v1.2 capec-tou careware carnegie-mellon
  catharon-osl cavium-linux-firmware cavium-malloc cavium-targeted-hardware cc-by-2.0-uk cc-by-nc-nd-2.0-at
  cc-by-nc-nd-2.0-au cc-by-nc-sa-3.0-us cc-devnations-2.0 cc-gpl-2.0-pt cc-lgpl-2.1-pt cc-nc-1.0 cc-nc-sampling-plus-1.0
  cc-nd-1.0 cc-pdm-1.0 cc-sa-1.0 cc-sampling-1.0 cc-sampling-plus-1.0 cclrc cecill-1.0-en cecill-2.0-fr cecill-2.1-fr
  cecill-b-en cecill-c-en cern-attribution-1995 cgic chartdirector-6.0 chelsio-linux-firmware chicken-dl-0.2
  chris-maunder chris-stoy christopher-velazquez cisco-avch264-patent civicrm-exception-to-agpl-3.0 classic-vb
  clause-6-exception-lgpl-2.1 clear-bsd-1-clause click-license clojure-exception-to-gpl-3.0 cloudera-express cmigemo
  cmu-flite cmu-mit cmu-nara-nagoya cmu-simple cmu-template cncf-corporate-cla-1.0 cncf-individual-cla-1.0 cockroach
  cockroachdb-use-grant-bsl-1.1 code-credit-license-1.0.0 code-credit-license-1.0.1 code-credit-license-1.1.0
  codeguru-permissions codelite-exception-to-gpl codesourcery-2004 codexia cognitive-web-osl-1.1 colt
  com-oreilly-servlet commercial-license commonj-timer commons-clause compass componentace-jcraft
  compuphase-linking-exception concursive-pl-1.0 confluent-community-1.0 cooperative-non-violent-4.0
  cooperative-non-violent-6.0 cooperative-non-violent-7.0 copyheart corporate-accountability-1.1 cosl cosli
  couchbase-community couchbase-enterprise cpl-0.5 cpm-2022 cpol-1.0 cpp-core-guidelines crapl-0.1
  crashlytics-agreement-2018 crcalc crunchbase-data-2019-12-17 crypto-keys-redistribution cryptopp csla csprng
  ctl-linux-firmware cubiware-software-1.0 cups cups-apple-os-exception cve-tou cvwl cwe-tou cximage
  cygwin-exception-2.0 cygwin-exception-3.0 cygwin-exception-lgpl-3.0-plus cypress-linux-firmware d-fsl-1.0-en d-zlib
  damail dante-treglia datamekanix-license day-spec dbad dbad-1.1 dbcl-1.0 dbmx-foss-exception-1.0.9
  dbmx-linking-exception-1.0 dco-1.1 defensive-patent-1.1 delorie-historical dennis-ferguson devblocks-1.0 dgraph-cla
  dhb-lbnl-bsd-2007 dhb-limited-bsd-2015 dhtmlab-public digia-qt-commercial digia-qt-preview divx-open-1.0 divx-open-2.1
  dl-de-by-1-0-de dl-de-by-1-0-en dl-de-by-2-0-en dl-de-by-nc-1-0-de dl-de-by-nc-1-0-en dmalloc dmtf-2017 do-no-harm-0.1
  docbook dos32a-extender douglas-young dpl-1.1 dropbear dropbear-2016 dtree dual-commercial-gpl duende-sla-2022
  dune-exception dwtfnmfpl-3.0 dynamic-drive-tou dynarch-developer dynarch-linkware ecfonts-1.0 eclipse-sua-2001
  eclipse-sua-2002 eclipse-sua-2003 eclipse-sua-2004 eclipse-sua-2005 eclipse-sua-2010 eclipse-sua-2011 eclipse-sua-2014
  eclipse-sua-2014-11 eclipse-sua-2017 ecma-documentation ecma-no-patent ecma-patent-coc-0 ecma-patent-coc-1
  ecma-patent-coc-2 ecosrh-1.0 edrdg-2000 efsl-1.0 egenix-1.0.0 egrappler ej-technologies-eula ekiga-exception-2.0-plus
  elastic-license-2018 elib-gpl ellis-lab embedthis-evaluation embedthis-extension embedthis-tou-2022 emit emx-library
  energyplus-2023 energyplus-bsd enhydra-1.1 epaperpress epo-osl-2005.1 eric-glass errbot-exception esri esri-devkit
  etalab-2.0-en examdiff excelsior-jet-runtime fabien-tassin fabric-agreement-2017 facebook-nuclide
  facebook-patent-rights-2 facebook-software-license fair-source-0.9 fancyzoom far-manager-exception fastbuild-2012-2020
  fatfs fftpack-2004 filament-group-mit first-works-appreciative-1.2 flex2sdk flora-1.1 flowplayer-gpl-3.0 font-alias
  foobar2000 fpdf fpl fplot fraunhofer-iso-14496-10 free-art-1.3 free-fork free-surfer-1.0 free-unknown freebsd-boot
  freebsd-first freemarker freetype-patent froala-owdl-1.0 frontier-1.0 fsf-notice fsl-1.0-apache-2.0 fsl-1.0-mit ftdi
  ftpbean fujion-exception-to-apache-2.0 g10-permissive gareth-mccaughan gary-s-brown gatling-highcharts
  gcc-compiler-exception-2.0 gcc-exception-3.0 gcel-2022 gco-v3.0 gdcl generic-cla generic-exception
  generic-export-compliance generic-loop generic-tos generic-trademark genivia-gsoap genode-agpl-3.0-exception
  geoff-kuenning-1993 geoserver-exception-2.0-plus ghostpdl-permissive ghostscript-1988 github-codeql-terms-2020
  gitlab-ee gitpod-self-hosted-free-2020 gladman-older-rijndael-code glut gnu-emacs-gpl-1988 goahead good-boy
  google-analytics-tos google-analytics-tos-2015 google-analytics-tos-2016 google-analytics-tos-2019
  google-apis-tos-2021 google-cla google-corporate-cla google-maps-tos-2018-02-07 google-maps-tos-2018-05-01
  google-maps-tos-2018-06-07 google-maps-tos-2018-07-09 google-maps-tos-2018-07-19 google-maps-tos-2018-10-01
  google-maps-tos-2018-10-31 google-maps-tos-2019-05-02 google-maps-tos-2019-11-21 google-maps-tos-2020-04-02
  google-maps-tos-2020-04-27 google-maps-tos-2020-05-06 google-ml-kit-tos-2022 google-patent-license
  google-patent-license-fuchsia google-patent-license-golang google-patent-license-webm google-patent-license-webrtc
  google-playcore-sdk-tos-2020 google-tos-2013 google-tos-2014 google-tos-2017 google-tos-2019 google-tos-2020
  gpl-2.0-adaptec gpl-2.0-djvu gpl-2.0-koterov gpl-generic-additional-terms gradle-enterprise-sla-2022-11-
  gradle-tou-2022-01-13 greg-roelofs gregory-pietsch gsoap-1.3a gstreamer-exception-2.0 gtpl-v1 gtpl-v2 gtpl-v3
  guile-exception-2.0 gust-font-1.0 gust-font-2006-09-30 gutenberg-2020 h2-1.0 hacking-license hacos-1.2 happy-bunny
  hauppauge-firmware-eula hauppauge-firmware-oem hazelcast-community-1.0 hdf4 hdf5 helios-eula helix here-disclaimer
  here-proprietary hessla hfoil-1.0 hidapi hippocratic-1.0 hippocratic-1.1 hippocratic-1.2 hippocratic-2.0
  historical-ntp homebrewed houdini hp hp-enterprise-eula hp-netperf hp-proliant-essentials hp-snmp-pp hp-software-eula
  hp-ux-java hp-ux-jre html5 httpget huggingface-tos-20220915 hugo hxd ian-kaplan ian-piumarta ibm-as-is
  ibm-data-server-2011 ibm-developerworks-community ibm-dhcp ibm-employee-written ibm-glextrusion ibm-icu
  ibm-java-portlet-spec-2.0 ibm-jre ibm-nwsc ibm-sample ibpp ic-1.0 ic-shared-1.0 icann-public ice-exception-2.0
  icot-free idt-notice ietf ietf-trust ilmid imagen indiana-extreme indie-module-linking-exception infineon-free
  info-zip-1997-10 info-zip-2001-01 info-zip-2002-02 info-zip-2003-05 info-zip-2004-05 info-zip-2005-02 info-zip-2007-03
  info-zip-2009-01 infonode-1.1 initial-developer-public inno-setup installsite intel intel-bcl intel-bsd-2-clause
  intel-code-samples intel-confidential intel-firmware intel-master-eula-sw-dev-2016 intel-material intel-mcu-2018
  intel-microcode intel-osl-1989 intel-osl-1993 intel-royalty-free intel-sample-source-code-2015 intel-scl iozone ipca
  iptc-2006 irfanview-eula iso-14496-10 iso-8879 iso-recorder isotope-cla issl-2018 issl-2022 itc-eula itu itu-t
  itu-t-gpl itunes ja-sig jahia-1.3.1 jam-stapl jamon jason-mayes jasper-1.0 java-app-stub java-research-1.5
  java-research-1.6 javascript-exception-2.0 jboss-eula jdbm-1.00 jdom jelurida-public-1.1 jetbrains-purchase-terms
  jetbrains-toolbox-oss-3 jetty jetty-ccla-1.1 jgraph jgraph-general jide-sla jj2000 jmagnetic josl-1.0 jpegxr
  jpnic-mdnkit jprs-oscl-1.1 jpython-1.1 jquery-pd jrunner jscheme jsel-2.0 jsfromhell json-js-pd json-pd
  jsr-107-jcache-spec jsr-107-jcache-spec-2013 jython kalle-kaukonen karl-peterson katharos-0.1.0 katharos-0.2.0
  kde-accepted-gpl kde-accepted-lgpl keith-rule kerberos kevan-stannard keypirinha kfgqpc-uthmanic-script-hafs
  kfqf-accepted-gpl khronos ko-man-page kreative-relay-fonts-free-1.2f kumar-robotics lance-norskog-license larabie
  lattice-osl-2017 lavantech lcs-telegraphics ldap-sdk-free-use ldpc-1994 ldpc-1997 ldpc-1999 ldpgpl-1 ldpgpl-1a
  ldpl-2.0 ldpm-1998 leap-motion-sdk-2019 lha liberation-font-exception libgeotiff libmib libmng-2007 librato-exception
  libselinux-pd libsrv-1.0.2 libtool-exception-lgpl libwebsockets-exception liferay-ee liferay-marketplace-tos lil-1
  lilo linking-exception-2.0-plus linking-exception-2.1-plus linking-exception-agpl-3.0 linking-exception-lgpl-2.0plus
  linotype-eula linux-device-drivers linuxbios linuxhowtos llama-2-license-2023 llama-license-2023 llnl
  lmbench-exception-2.0 logica-1.0 lontium-linux-firmware losla lsi-proprietary-eula lucre lumisoft-mail-server luxi
  lyubinskiy-dropdown lyubinskiy-popup-window lzma-sdk-2006 lzma-sdk-2006-exception lzma-sdk-2008 lzma-sdk-original
  lzma-sdk-pd magpie-exception-1.0 make-human-exception mame manfred-klein-fonts-tos mapbox-tos-2021
  markus-mummert-permissive marvell-firmware marvell-firmware-2019 matt-gallagher-attribution matthew-kwan
  matthew-welch-font-license mattkruse maxmind-geolite2-eula-2019 maxmind-odl mcafee-tou mcrae-pl-4-r53 mediainfo-lib
  mediatek-firmware mediatek-no-warranty mediatek-proprietary-2008 melange merit-network-derivative
  metageek-inssider-eula metrolink-1.0 mgopen-font-license michael-barr michigan-disclaimer microchip-linux-firmware
  microchip-products-2018 microsoft-windows-rally-devkit mike95 minecraft-mod mini-xml-exception-lgpl-2.0 mit-1995
  mit-kyle-restrictions mit-license-1998 mit-nagy mit-no-advert-export-control mit-no-trademarks mit-old-style
  mit-old-style-sparse mit-readme mit-specification-disclaimer mit-synopsys mit-taylor-variant mod-dav-1.0 monetdb-1.1
  monkeysaudio morbig-ieee-std-usage motorola moxa-linux-firmware mozilla-ospl-1.0 mpeg-7 mpeg-iso ms-api-code-pack-net
  ms-asp-net-ajax-supp-terms ms-asp-net-mvc3 ms-asp-net-mvc4 ms-asp-net-mvc4-extensions ms-asp-net-software
  ms-asp-net-tools-pre-release ms-asp-net-web-optimization ms-asp-net-web-pages-2 ms-asp-net-web-pages-templates
  ms-azure-data-studio ms-azure-spatialanchors-2.9.0 ms-capicom ms-cl ms-cla ms-control-spy-2.0 ms-data-tier-af-2022
  ms-dev-services-2018-06 ms-dev-services-agreement ms-device-emulator-3.0 ms-direct3d-d3d120n7-1.1.0
  ms-directx-sdk-eula ms-directx-sdk-eula-2020 ms-dxsdk-d3dx-9.29.952.3 ms-edge-devtools-2022 ms-edge-webview2
  ms-edge-webview2-fixed ms-enterprise-library-eula ms-entity-framework-4.1 ms-entity-framework-5
  ms-eula-win-script-host ms-exchange-srv-2010-sp2-sdk ms-iis-container-eula-2020 ms-ilmerge ms-invisible-eula-1.0
  ms-jdbc-driver-40-sql-server ms-jdbc-driver-41-sql-server ms-jdbc-driver-60-sql-server ms-kinext-win-sdk
  ms-limited-community ms-msn-webgrease ms-net-framework-4-supp-terms ms-net-framework-deployment ms-net-library
  ms-net-library-2016-05 ms-net-library-2018-11 ms-net-library-2019-06 ms-net-library-2020-09 ms-nt-resource-kit
  ms-nuget ms-nuget-package-manager ms-office-extensible-file ms-office-system-programs-eula ms-opus-patent-2012
  ms-patent-promise ms-patent-promise-mono ms-platform-sdk ms-pre-release-sla-2023 ms-programsynthesis-7.22.0
  ms-python-vscode-pylance-2021 ms-reactive-extensions-eula ms-remote-ndis-usb-kit ms-research-shared-source ms-rsl
  ms-silverlight-3 ms-specification ms-sql-server-compact-4.0 ms-sql-server-data-tools ms-sspl ms-sysinternals-sla
  ms-testplatform-17.0.0 ms-ttf-eula ms-typescript-msbuild-4.1.4 ms-visual-2008-runtime ms-visual-2010-runtime
  ms-visual-2015-sdk ms-visual-cpp-2015-runtime ms-visual-studio-2017 ms-visual-studio-2017-tools ms-visual-studio-code
  ms-visual-studio-code-2018 ms-visual-studio-code-2022 ms-vs-addons-ext-17.2.0 ms-web-developer-tools-1.0
  ms-win-container-eula-2020 ms-win-sdk-server-2008-net-3.5 ms-windows-driver-kit ms-windows-identity-foundation
  ms-windows-os-2018 ms-windows-sdk-win10 ms-windows-sdk-win10-net-6 ms-windows-sdk-win7-net-4
  ms-windows-server-2003-ddk ms-windows-server-2003-sdk ms-ws-routing-spec ms-xamarin-uitest3.2.0 ms-xml-core-4.0
  msdn-magazine-sample-code-2007 msj-sample-code msntp msppl mtx-licensing-statement mulanpsl-1.0-en mulanpsl-2.0-en
  mulanpubl-1.0 mulanpubl-2.0 mule-source-1.1.3 mule-source-1.1.4 mulle-kybernetik musl-exception mut-license mvt-1.1
  mx4j mysql-con-odbc-exception-2.0 mysql-floss-exception-2.0 mysql-linking-exception-2018 n8n-ee-2022
  nant-exception-2.0-plus naughter ncbi ncsa-httpd-1995 nero-eula netapp-sdk-aug2020 netcat netcomponents netdata-ncul1
  netron netronome-firmware new-relic newlib-historical newran newton-king-cla nexb-eula-saas-1.1.0 nexb-ssla-1.1.0 nice
  nicta-exception niels-ferguson nilsson-historical nist-srd no-license node-js non-violent-4.0 non-violent-7.0
  nonexclusive nortel-dasa northwoods-sla-2021 notre-dame npsl-exception-0.92 npsl-exception-0.93 npsl-exception-0.94
  npsl-exception-0.95 ntlm ntpl-origin nucleusicons-eula numerical-recipes-notice nvidia nvidia-apex-sdk-eula-2011
  nvidia-cuda-supplement-2020 nvidia-gov nvidia-isaac-eula-2019.1 nvidia-ngx-eula-2019 nvidia-sdk-eula-v0.11
  nvidia-video-codec-agreement nwhm nxp-firmware-patent nxp-linux-firmware nxp-mc-firmware nxp-microctl-proprietary
  nxp-warranty-disclaimer nysl-0.9982 nysl-0.9982-jp o-young-jong oasis-ipr-2013 oasis-ipr-policy-2014
  oasis-ws-security-spec ocb-non-military-2013 ocb-open-source-2013 ocb-patent-openssl-2013 oclc-1.0 ocsl-1.0 oculus-sdk
  oculus-sdk-2020 oculus-sdk-3.5 odb-cpl odb-fpl odb-ncuel odl odmg ofrak-community-1.0 ogc ogc-document-2020 ogl-1.0a
  ogl-canada-2.0-fr ogl-wpd-3.0 ohdl-1.0 okl olf-ccla-1.0 oll-1.0 on2-patent ooura-2001 open-diameter
  open-weights-permissive-1.0.0 openai-tou-20230314 openbd-exception-3.0 opencarp-1.0 opengroup-pl openi-pl-1.0
  openjdk-classpath-exception2.0 openjdk-exception openmap openmarket-fastcgi openmotif-exception-2.0-plus
  openmrs-exception-to-mpl-2.0 opennetcf-shared-source openorb-1.0 openpace-exception-gpl opensaml-1.0
  openssl-exception-agpl-3.0 openssl-exception-agpl3.0monit openssl-exception-agpl3.0plus openssl-exception-gpl-2.0-plus
  openssl-exception-lgpl openssl-exception-lgpl2.0plus openssl-exception-lgpl3.0plus openssl-exception-mongodb-sspl
  openssl-nokia-psk-contribution openvpn-as-eula openwall-md5-permissive opera-eula-2018 opera-eula-eea-2018
  opera-widget-1.0 opl-1.0 opml-1.0 opnl-1.0 opnl-2.0 oracle-bcl-java-platform-2013 oracle-bcl-java-platform-2017
  oracle-bcl-javaee oracle-bcl-javase-javafx-2012 oracle-bcl-javase-javafx-2013 oracle-bcl-jsse-1.0.3
  oracle-code-samples-bsd oracle-commercial-db-11g2 oracle-devtools-vsnet-dev oracle-entitlement-05-15 oracle-free-2018
  oracle-gftc-2023-06-12 oracle-java-ee-sdk-2010 oracle-master-agreement oracle-mysql-foss-exception2.0 oracle-nftc-2021
  oracle-openjdk-exception-2.0 oracle-otn-javase-2019 oracle-sql-developer oracle-web-sites-tou oreilly-notice
  osgi-spec-2.0 ossn-3.0 oswego-concurrent other-copyleft other-permissive otn-dev-dist otn-dev-dist-2009
  otn-dev-dist-2014 otn-dev-dist-2016 otn-early-adopter-2018 otn-early-adopter-development otn-standard-2014-09 owal-1.0
  owf-cla-1.0-copyright owf-cla-1.0-copyright-patent owfa-1.0 owfa-1.0-patent-only owl-0.9.4 owtchart
  oxygen-xml-webhelp-eula ozplb-1.0 ozplb-1.1 paint-net paolo-messina-2000 paraview-1.2 passive-aggressive
  patent-disclaimer paul-hsieh-derivative paul-hsieh-exposition paul-mackerras-binary paul-mackerras-simplified
  paulo-soares paypal-sdk-2013-2016 pbl-1.0 pcre pd-mit pd-programming pdf-creator-pilot pdl-1.0 perl-1.0
  pfe-proprietary-notice pftijah-1.1 pftus-1.1 phaser-academic phaser-ccp4 phaser-phenix phil-bunce philippe-de-muyter
  philips-proprietary-notice2000 phorum-2.0 php-2.0.2 pine pivotal-tou pixabay-content planet-source-code
  plural-20211124 pml-2020 pngsuite politepix-pl-1.0 polyform-free-trial-1.0.0 polyform-internal-use-1.0.0
  polyform-perimeter-1.0.0 polyform-shield-1.0.0 polyform-strict-1.0.0 powervr-tools-software-eula ppp
  proconx-modbus-rev4 proguard-exception-2.0 proprietary-license prosperity-1.0.1 prosperity-2.0 prosperity-3.0 protobuf
  psf-3.7.2 psytec-freesoft public-domain public-domain-disclaimer punycode pybench pycrypto pygres-2.2 python-cwi
  qaplug qca-linux-firmware qca-technology qcad-exception-gpl qlogic-firmware qlogic-microcode qpopper
  qskinny-exception-lgpl-2.1 qt-commercial-1.1 qt-commercial-agreement-4.4.1 qt-company-exception-lgpl-2.1
  qt-kde-linking-exception qt-qca-exception-2.0 qti-linux-firmware qualcomm-iso qualcomm-turing quickfix-1.0 quicktime
  quin-street quirksmode rackspace ralink-firmware rar-winrar-eula rcsl-2.0 rcsl-3.0 reading-godiva-2010
  realm-platform-extension-2017 red-hat-attribution red-hat-bsd-simplified red-hat-logos red-hat-trademarks
  redis-source-available-1.0 reportbug research-disclaimer responsible-ai-source-1.0 responsible-ai-source-1.1 rh-eula
  rh-eula-lgpl ricebsd richard-black riverbank-sip robert-hubley rockchip-proprietary-2022 rogue-wave
  rrdtool-floss-exception-2.0 rsa-1990 rsa-cryptoki rsa-demo rsa-md2 rsa-md4 rsa-proprietary rsalv2 rtools-util
  rubyencoder-commercial rubyencoder-loader rute rxtx-exception-lgpl-2.1 ryszard-szopa saas-mit saf safecopy-eula
  san-francisco-font sandeep sash sata saxix-mit sbia-b scancode-acknowledgment scanlogd-license scansoft-1.2 scilab-en
  scilab-fr scintilla scola-en scola-fr scribbles script-asylum script-nikhilk scrub scsl-3.0 secret-labs-2011
  semgrep-registry sencha-app-floss-exception sencha-commercial sencha-commercial-3.17 sencha-commercial-3.9
  sencha-dev-floss-exception service-comp-arch sgi-cid-1.0 sgi-glx-1.0 sglib sh-cla-1.1 shavlik-eula shital-shah
  signal-gpl-3.0-exception silicon-image-2007 simpl-1.1 six-labors-split-1.0 skip-2014 slint-commercial-2.0
  slint-royalty-free-1.0 slysoft-eula smail-gpl smartlabs-freeware smsc-non-commercial-2012 snapeda-design-exception-1.0
  snmp4j-smi softerra-ldap-browser-eula softfloat softfloat-2.0 softfloat-2c solace-software-eula-2020
  sourcegraph-enterprise-2018 spark-jive sparky speechworks-1.1 spell-exception-lgpl-2.1-plus splunk-3pp-eula
  splunk-mint-tos-2018 splunk-sla square-cla squeak srgb ssleay st-bsd-restricted st-mcd-2.0 stable-diffusion-2022-08-22
  stanford-mrouted stanford-pvrg statewizard stax stlport-2000 stlport-4.5 stmicro-linux-firmware
  stmicroelectronics-centrallabs stream-benchmark strongswan-exception stu-nicholls subcommander-exception-2.0plus
  sun-bcl-11-06 sun-bcl-11-07 sun-bcl-11-08 sun-bcl-j2re-1.2.x sun-bcl-j2re-1.4.2 sun-bcl-j2re-1.4.x sun-bcl-j2re-5.0
  sun-bcl-java-servlet-imp-2.1.1 sun-bcl-javahelp sun-bcl-jimi-sdk sun-bcl-jre6 sun-bcl-jsmq sun-bcl-opendmk
  sun-bcl-openjdk sun-bcl-sdk-1.3 sun-bcl-sdk-1.4.2 sun-bcl-sdk-5.0 sun-bcl-sdk-6.0 sun-bcl-web-start sun-bsd-extra
  sun-cc-pp-1.0 sun-communications-api sun-ejb-spec-2.1 sun-ejb-spec-3.0 sun-entitlement-03-15 sun-entitlement-jaf
  sun-glassfish sun-iiop sun-java-transaction-api sun-java-web-services-dev-1.6 sun-javamail sun-jsr-spec-04-2006
  sun-jta-spec-1.0.1 sun-jta-spec-1.0.1b sun-no-high-risk-activities sun-project-x sun-prop-non-commercial sun-rpc
  sun-sdk-spec-1.1 sun-sissl-1.0 sun-source sun-ssscfr-1.1 sunsoft supervisor sustainable-use-1.0 svndiff swig
  symphonysoft synopsys-attribution synopsys-mit syntext-serna-exception-1.0 synthesis-toolkit t-engine-public
  t-license-1.0 t-license-2.0 t-license-2.1 t-license-2.2 t-license-amp-t-kernel t-license-amp-tkse
  t-license-smp-t-kernel t-license-smp-tkse t-license-tkse takao-abe takuya-ooura taligent-jdk tanuki-community-sla-1.0
  tanuki-community-sla-1.1 tanuki-community-sla-1.2 tanuki-community-sla-1.3 tanuki-development tanuki-maintenance
  tcg-spec-license-v1 tcg-spec-license-v2 teamdev-services tekhvc telerik-eula tenable-nessus tested-software tex-live
  tfl the-stack-tos-2023-07 things-i-made-public-license thomas-bandt ti-broadband-apps ti-linux-firmware ti-restricted
  tiger-crypto tigra-calendar-3.2 tigra-calendar-4.0 tim-janik-2003 timestamp-picker tizen-sdk toppers-educational
  toppers-license tpl-1.0 tpl-2.0 trca-odl-1.0 treeview-developer treeview-distributor triptracker
  trolltech-gpl-exception-1.0 trolltech-gpl-exception-1.1 trolltech-gpl-exception-1.2 truecrypt-3.1
  trustonic-proprietary-2013 tsl-2018 tsl-2020 tso-license ttcl tumbolia twisted-snmp txl-10.5 ubc ubuntu-font-1.0 ugui
  unicode unicode-icu-58 unicode-mappings unknown unknown-license-reference unknown-spdx unlimited-binary-use-exception
  unlimited-link-exception-gpl unlimited-link-exception-lgpl unpbook unpublished-source unrar unrar-v3 unsplash
  uofu-rfpl upx-exception-2.0-plus us-govt-geotranform us-govt-public-domain us-govt-unlimited-rights
  usrobotics-permissive utopia vaadin-cvdl-4.0 vbaccelerator vcalendar vcvrack-exception-to-gpl-3.0 verisign vhfpl-1.1
  vic-metcalfe-pd vicomsoft-software viewflow-agpl-3.0-exception vince visual-idiot visual-numerics vita-nuova-liberal
  vitesse-prop vixie-cron vnc-viewer-ios volatility-vsl-v1.0 vpl-1.1 vpl-1.2 vs10x-code-map vuforia-2013-07-29
  vvvvvv-scl-1.0 w3c-03-bsd-license w3c-community-cla w3c-docs-19990405 w3c-docs-20021231 w3c-documentation
  w3c-software-2023 w3c-test-suite warranty-disclaimer waterfall-feed-parser westhawk whistle whitecat wide-license
  wifi-alliance william-alexander wince-50-shared-source windriver-commercial wingo wink winzip-eula
  winzip-self-extractor wol woodruff-2002 wordnet wrox wrox-download ws-addressing-spec ws-policy-specification
  ws-trust-specification wtfnmfpl-1.0 wtfpl-1.0 wthpl-1.0 wxwidgets wxwindows-r-3.0 wxwindows-u-3.0 x11-acer
  x11-adobe-dec x11-dec1 x11-doc x11-dsc x11-hanson x11-ibm x11-lucent-variant x11-oar x11-quarterdeck x11-realmode
  x11-sg x11-stanford x11-tektronix x11-x11r5 x11-xconsortium-veillard xceed-community-2021 xenomai-gpl-exception
  xfree86-1.0 xilinx-2016 xiph-patent xming xmldb-1.0 xxd yahoo-browserplus-eula yahoo-messenger-eula yale-cas
  yensdesign yolo-1.0 yolo-2.0 zapatec-calendar zendesk-appdev-api-2022 zeromq-exception-lgpl-3.0 zeusbench
  zhorn-stickies zipeg ziplist5-geocode-dup-addendum ziplist5-geocode-enterprise ziplist5-geocode-workstation zpl-1.0
  zrythm-exception-agpl-3.0 zsh zuora-software zveno-research`;

/** Of the same, those that are deprecated. */
export const SCANCODE_DEPRECATED = `
  agpl-3.0-bacula agpl-3.0-linking-exception agpl-3.0-openssl aladdin-md5 aop-pd apache-2.0-linking-exception
  apache-2.0-runtime-library-exception apache-due-credit apache-exception-llvm apache-patent-provision-exception
  biosl-4.0 broadcom-dual broadcom-linking-unmodified broadcom-unpublished-source bsd-2-clause-freebsd
  bsd-2-clause-netbsd bsd-axis bsd-intel bsd-new-far-manager bsd-original-uc-1990 bzip2-libbzip-1.0.5 ccrc-1.0
  classworlds cmr-no commercial-option dejavu-font digia-qt-exception-lgpl-2.1 doug-lea dr-john-maddock dual-bsd-gpl
  ekioh etalab-2.0-fr google-patent-license-fuschia gpl-2.0-autoopts gpl-2.0-bison gpl-2.0-bison-2.2
  gpl-2.0-broadcom-linking gpl-2.0-cygwin gpl-2.0-freertos gpl-2.0-gcc-compiler-exception gpl-2.0-glibc gpl-2.0-guile
  gpl-2.0-ice gpl-2.0-independent-module-linking gpl-2.0-iolib gpl-2.0-iso-cpp gpl-2.0-javascript gpl-2.0-kernel
  gpl-2.0-libgit2 gpl-2.0-library gpl-2.0-libtool gpl-2.0-lmbench gpl-2.0-mysql-connector-odbc gpl-2.0-mysql-floss
  gpl-2.0-openjdk gpl-2.0-openssl gpl-2.0-oracle-mysql-foss gpl-2.0-oracle-openjdk gpl-2.0-plus-ada gpl-2.0-plus-ekiga
  gpl-2.0-plus-gcc gpl-2.0-plus-geoserver gpl-2.0-plus-linking gpl-2.0-plus-nant gpl-2.0-plus-openmotif
  gpl-2.0-plus-openssl gpl-2.0-plus-sane gpl-2.0-plus-subcommander gpl-2.0-plus-syntext gpl-2.0-plus-upx
  gpl-2.0-proguard gpl-2.0-qt-qca gpl-2.0-redhat gpl-2.0-rrdtool-floss gpl-2.0-uboot gpl-3.0-aptana gpl-3.0-bison
  gpl-3.0-cygwin gpl-3.0-font gpl-3.0-openbd gpl-3.0-plus-openssl historical-sell-variant hot-potato hs-regexp-orig
  lgpl-2.0-fltk lgpl-2.0-plus-gcc lgpl-2.1-digia-qt lgpl-2.1-nokia-qt lgpl-2.1-nokia-qt-1.0 lgpl-2.1-nokia-qt-1.1
  lgpl-2.1-plus-linking lgpl-2.1-plus-unlimited-linking lgpl-2.1-qt-company lgpl-2.1-qt-company-2017 lgpl-2.1-rxtx
  lgpl-2.1-spell-checker lgpl-3-plus-linking lgpl-3.0-cygwin lgpl-3.0-plus-openssl lgpl-3.0-zeromq libcap
  libtool-exception libzip license-file-reference linking-exception-lgpl-3.0 linum madwifi-dual mentalis mini-xml
  ms-limited-public ms-permissive-1.1 ms-refl network-time-protocol nokia-qt-exception-1.1 ntpl nunit-v2 odc-1.0
  ogc-2006 osetpl-2.1 polyform-defensive-1.0.0 proprietary qt-company-exception-2017-lgpl-2.1 qwt-1.0 ralf-corsepius
  see-license slf4j-2005 slf4j-2008 sun-proprietary-jdk trademark-notice ttf2pt1 unbuntu-font-1.0 unicode-data-software
  unlimited-binary-linking w3c-software-20021231 x11-r75 x11-xconsortium_veillard x11r5-authors`;
