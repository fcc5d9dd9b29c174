import { gunzipSync } from 'node:zlib';

// Files that h5wasm cannot write, by h5py 3.7 over HDF5 1.10.8 (its C functions where h5py has none), gzipped.

function file(base64: string): Buffer {
  return gunzipSync(Buffer.from(base64, 'base64'));
}

/** Three datasets and twelve attributes of the root whose messages are shared in a heap, by a B-tree. */
export const sharedMessages: Buffer = file(
  'H4sIAAAAAAACA+2aa2hcRRTHz9x7d/fmZl/ZPIzJh65p1Ghb2E1T+xDj7mbdXZq0CU0qrYK4NqEW01TrQteg2FpFfGAR4/oohE00' +
    'xS8KSgva4oOS9oNi0SiCFopYqIhRUQlIVda5d2ayd7bNZcTaVpw/JHPnzC9zJmfOnfvhzBOZZMpnNBmqrgNThLbaMtI+Tvsjbz30' +
    'bm8muUEJ7x1U77H/NAQMcEGWcgg08pBoPvRN/7qBBKBFYNBBFa5RyFMPbR9d+vFH5582Hwzi8TDBCoi0hoIdgNtn+lEGI03UzAzR' +
    'HhdvaJ90E0N9yFxX4SrSa2uhC6qBczWxe9O0tSQECLVCTFEQov8TuFh0KvpqHcRrwjcDiWMMOqqho6TicT8gdXE5ut5YtRcQnhAQ' +
    'jZQewrMpoCLFpavGKc2+3FKFvEuxJ+TC4cSDIztyQ7gHDSZfB2Y8a81Hne0DVif8Q80eCHkSA5kkeEwHZrQG204pbDNVSu17+uTt' +
    'qQ2ZPsu3AsHy37OVj1P0rFYRQI33pwquS7P9JcmBNjOe1zHbaw98+WdioCeF1/18rDBsTXu9+asV4Lfhb8cD5jONHEQ9pc8tYj0x' +
    '3Nq5vwWk/utKxXHeIr9B0xVy9CjIT30fSvXjMWBZiYBvy1nWB3mcWWzkRCuxNwPfrmmHx+ZPDAMU/FbSZFMNUHGPJtbfPQ02uS/U' +
    'aWDF4K6LEfXC1t+1ysh/6CHtzMrnkql4En8S2DkHjaQhgW2lvWvJWbGx9PW/EdU3PBcqqupFi2pV/JN0ZVSLNBuDJ39+mESV5Us3' +
    'F9UdXFQfvK8zz2ZNd/X2WJkd5PO/lr0xdw+F789uHwrnhvK5cHZrdttIOZsEOFWQ0wQ5lyDnFuQ8gpwuyFUJcoYgVy3IeQU5nyDn' +
    'F+QCghzTiz75VZKSkpKSkpKSkpKSkroUyt+x5c6Ye9HshNejH0NTruJBfaywe6a97za0dslqgLFf1RmTAVTviRwruqdWFA82jH2x' +
    'Z2a07ytY25zYtrht+yzAyxntpstzKrnFUlJSUlJS56i3K9OthMynyioI5JAMzyXQ0Rvv/cO5kn6Gbsx6VqJeoJLuFfS4QCX9amZ7' +
    'aktNyLoBoJdvABRbmA/mZTJz+hVSU2XrE62pfrdATfXT9IlnrQq+TqpvS8wQADR2H0jANCob/MdzaRi2Ee9NzKXhJxuxfNQ1AHEb' +
    'Ub9v80ZotBFHDr++E16wEcveXLcHRmxEKXn6EXjJZuja9csz0GUzrPnx+Adw1DbH2b3vnIEfbIaW/TvnJmaDq2SWi4pUNVm9tsBV' +
    'NQ9zVc3azwJqqr//lvkLJmhcpZXZudFDUWuIvTEIp2iTVcLc9f70q6kM9sHuBVl6su7tSRVppAKcjUQcCsCmMxsadUBdPNrugLp5' +
    'dLkD6uHRDgdU59EVDmgVj97ggBo8utIBrebRVQ6ol0dXO6A+Do067ZafR512KyBfvv/LGWO+/+w2oqWGzUeuuBIh6+MbnP9O4c+f' +
    'wD3A890BlJKSulz1F3lDt6wELQAA',
);

/** A group of 40 soft links whose heap is deflated. */
export const filteredHeap: Buffer = file(
  'H4sIAAAAAAACA7VVbUxbVRh+7u0H7eVWJ7YIOGI7CoFJDGWE2ERx3rXllpBAWjIIyyxCWUY0yoKJnSamE4YQOu3KEKpzDlPYumWb' +
    'm4vZlmgKnY6JxmSLP/gY0Ri3kADGsQ+oGLw97dU75w+zyJvcvO958pz3ec7Je9pu3mLTMFmMTKWCGKvJcKYk1kVJfMvt6PEq3uKg' +
    '9e1u2UvSz0OnSTeKwdCgAOXDEJL89RZ3c1SUsOL/iZ+i10r/3dLBhKVFOkH8SJbICUupelAUlUAoqISPgrt5x8svvtYMtdi7DmsW' +
    'jQPzPz7ATa6lpdytGQ6b02lFNHlTFAvciotS2cDPcZByAYMKobCXh9Z7JtsWW3c1Ln17EVQhy146+ezyV2MjYx/3BvtP+Gs/+PBA' +
    'faihwT0SPew6FAwccwXqDhyqfzscCXjpJhnHsOqCog2hyICffpRjKoVFTihy0E9zhhZfeoA9q0DhzBuH1+ikNgdfjRSwoLEO9w19' +
    'W3JgxGuA+C6U9+aC/6gmB2ixTkycMHtYUEoRMWiKIqMYH8GK678vcjW8BYr4/lQBcefr5KK2qN6r+mbV5hRY6Eoisn/kv31UwyNo' +
    'i5qapKtC3Ju1sYiMq6m0QZH19QINnUAz4Fz7BiVGZfFy/8h0JjRUvLzLXM2ChxBeMO7Sw6uIlwvTriKsyAl3KGyCi6DD50ZLECTc' +
    'Cv32p1FGmn2ycNkMD+E+YR9+DqWEcKdz32boBC+PYOM29/MYJNzGvmtb8BQRHs89bcVOxMtXJk7bMEfKHelMFUpJs+HPj2zFMYL+' +
    'drSyFlMEPX9lrh6tpIN33LAd5YTw/fHvmrBChCOBDg+ChBudqejHVcJtv/FZEGXkFJ4fUr7EBcLNcV4cwQXC3VRquYRaUi6/+dAY' +
    'sonfu5dnJ6AjaPnjdyZxhjR7rK9zGt1E+Gb/2Rl4CffVL67fQBUhzJ4IzSGPEJyV6+YxTso06+oS9hNCbCe3DBfZ1pntiyGbOCtR' +
    'Zq6gljjbtuT9A1OJA/Vojj7AC5G+7c2T87Oj7/jW+1bMwd0TzO6h8/awlVF25j3Dxn4JFoRjud3W2XDugOQVp3JMoTq/qFgfivj9' +
    'dA7H+NQFem3A1sFd6armswb3GmVlwMZ395VJhFKmfu160lT8aZ8xfejI+zUmTp5pzlhuK148o7tZ0dbr6NGyLOvJuDW+yem4bWBM' +
    'uow0R4OF32MyKPI6tAPCwsbvMRsU6R3aurTqBj7fqFHvDRkG/SWWVLvSKIy96j3Oxtu5v/4S4vFW8h22Sk6vS2ItEsyc3NOE+38x' +
    'pDd3aiiv508cdV/dUwcAAA==',
);

/** Ten attributes of the root in a heap, one of them of 70,000 bytes: an object too large for its blocks. */
export const hugeObject: Buffer = file(
  'H4sIAAAAAAACA+3UO2gUURQG4DO7G10XhST4IIqIaBEQJL5iEAVJ4rpoJCFRBAtBUFRsguKjEcSAIDZbiJWdIAiilZBCbQ02CjZW' +
    'CoKdaKGFXZxNdpOJgyASrL4Plsuc+e+c4d67c7s2WF1RWVsplsvRMt1UX5/MXPc06xPH3x8erg2OFjZOnC5eyP4uJoXO7MyWSiHS' +
    'R6zqjFLEy9mHxUih+bi9SfDvll3q66yO1kaisXGFaI/c/o03V/pKa8VLv41Nlb/sWMrMnN277nSsd7X2cfTp+6v9R2uD6RulHTvS' +
    'yunuqUKrR6tLb/e7I9WxNBWt90ti4TjfbySupT1ad6aa3dfFwnHrZN+n/qND1bRvZyO5ubEEEd/WjGyKE41C72xh4PvHLXEy5hP3' +
    'D03vipuZwuPzl/fFnkzh3oa7x+J1pvD59c/rsTpTePDixvPozbSdvPNmKh5mEq+6tnyJr5nCs/qj6R9Dtz45w4unOjZ2YO6gJ+nJ' +
    'qs+cmcrkzg8WB/7g4MDwUOOfUu9IFnyDx5vX1wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
    'AAAAAAAAAAAAAAAAAAAAAAAAAACARVetDfbHyyTmPdn6dkkxirE8ShGneqK9HFGeubM/CpncfGZbLpPkMttzmUIusyOXKeYyO3OZ' +
    'Ui6zK5dpy2V6c5kluczuXGZpLtOXy5TnMm2xspE5d/nsmehKkmhPq+1zq1OeSY93JHNTsrsA/8Mv+4yiqJAdAQA=',
);

/** Nine attributes of the root in a heap, one of them written over: its order of creation is lost, its name is not. */
export const lostOrder: Buffer = file(
  'H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1DAyA3hG0DFC9p3uPt7uAQx6T7by5yNjLMYmZTASpjRzUAHXEwMjCB5URkGFpB6LoZtjBAdHkwQOg9K' +
    'MwgxMowCTLDy9OFutyCPAAZQhDExCDBgxNtTaAhOgYUkCxoNBZxE2siCpBMSJxpAmpEdJib3YluTU4iHC9BFQBsFgSIpGs+YYHbAbGFZ8vUEWBUn' +
    'SBUvRBXUXA4GWOpzMxardwsGqmKA+YKRAZVGuCqAoQLoEpjMMzaIuDQDKv3PlN/aKcTHDWjFQxBfloEB5PL34gHKQBMgAiCr5nj9N2XIhQqAHL0m' +
    's9SWwRgqALJjmvyUUIblUAFWIPX01I9aBjGoAAgs3tuwh+EfVADkpR3d508wdEEFQJ49Lqn9huEIVADk4q0TVv7P2vUiaTRh0xCA458TJapQYhYl' +
    'IaDEF0p8o0QcSmpCiXT34rlKo2E+mIBbcLArvDhkBJYs0uBYjxXSUXPzcHGC10FgMMvPdg4zsCbjASWARANwCcsILaaYIJUcTNIQQ5IRIWmEIcmE' +
    'kDTGkFRESJpgSLIgJE0xJFkRkmYYkmwISXMMSXaEpAWGJAczgyJEMs3S2MI8xTTZNDnZ1MQwyTDJzNDEINXYxMzUMM3cxNQS0y+jSW4UDA0AAIMN' +
    'C1ABCwAA',
);
