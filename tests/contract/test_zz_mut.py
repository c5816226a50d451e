import pytest
from pathlib import Path
from tests.contract.test_random_contexts import ENV, NAMES, shape, module
from tests.contract.rendering import *
from tests.contract.shapes import random_context
from tests.contract.conftest import *
SRC=Path('/work/main/sw/runtime.js').read_text()
MUT={'apos':('"&#39;"','"&apos;"'),'emptylist':('return value.length > 0;','return true;'),'zero':('return Boolean(value);','return value !== "";'),'first':('first: index0 === 0','first: index0 === 1'),'none':('if (value === null) return false;','')}
@pytest.mark.parametrize('m',[*MUT,'same'])
def test_m(browser,m):
    c=browser.new_context(); d=Device(c.new_page())
    a,b=MUT.get(m,('',''))
    assert a in SRC
    d.modules['/sw/runtime.js']=SRC.replace(a,b) if a else SRC
    bad=set()
    for n in NAMES:
        cs=[random_context(shape(n),s) for s in range(40)]
        h=[in_python(ENV,n,x) for x in cs]; t=in_browser(d,module(),[(n,x) for x in cs])
        if h!=t: bad.add(n)
    c.close()
    print(m,len(bad))
    assert bool(bad)==(m!='same')
